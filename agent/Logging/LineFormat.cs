namespace HostAgent.Agent.Logging;

/// <summary>How a log line begins.</summary>
public enum LineFormat
{
    /// <summary>For people at a terminal: local time of day and a word.</summary>
    Terminal,

    /// <summary>For the journal: <c>&lt;N&gt;</c>, the syslog priority (sd-daemon(3)); the journal adds the time.</summary>
    Journal,

    /// <summary>For files and pipes: the time in UTC and a word.</summary>
    File,
}
