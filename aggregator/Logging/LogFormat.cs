namespace HostAgent.Aggregator.Logging;

/// <summary>How log lines are written to standard error.</summary>
internal enum LogFormat
{
    /// <summary>journald's <c>&lt;N&gt;</c> prefix when systemd has connected the output to the journal, else text.</summary>
    Auto,

    /// <summary>Time, level, room and message on one line; an exception on the lines after it.</summary>
    Text,

    /// <summary>One line with the syslog level in front, as systemd's SyslogLevelPrefix expects; an exception on the same line.</summary>
    Journald,

    /// <summary>One JSON object per line, for log shippers.</summary>
    Json,
}
