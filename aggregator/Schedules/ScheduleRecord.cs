namespace HostAgent.Aggregator.Schedules;

/// <summary>A schedule as it is stored: when, and what.</summary>
public sealed record ScheduleRecord
{
    /// <summary>Its name: letters, digits, dots, dashes, underscores.</summary>
    public required string Name { get; init; }

    /// <summary>Calendar expression.</summary>
    public required string At { get; init; }

    /// <summary>IANA time zone.</summary>
    public required string Zone { get; init; }

    /// <summary>It is followed.</summary>
    public required bool Enabled { get; init; }

    /// <summary>What happens with missed times.</summary>
    public required MissedPolicy Missed { get; init; }

    /// <summary>Each time is put off by up to this long, by chance but the same at every look; milliseconds.</summary>
    public required long JitterMs { get; init; }

    /// <summary>Kind of the command that is run; null when it is a runbook.</summary>
    public string? Kind { get; init; }

    /// <summary>Hosts of the command, see TargetResolver.</summary>
    public string? On { get; init; }

    /// <summary>Arguments of the command, or parameters of the runbook.</summary>
    public required SortedDictionary<string, string> Args { get; init; }

    /// <summary>How long the command may wait for its hosts, in milliseconds; 0 = the default.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>How long the command may take, in milliseconds; 0 = as the kind says.</summary>
    public required uint TimeoutMs { get; init; }

    /// <summary>Name of the runbook that is run; null when it is a command.</summary>
    public string? Runbook { get; init; }

    /// <summary>Who set it last.</summary>
    public required string SetBy { get; init; }

    /// <summary>When it was set last, unix milliseconds: earlier times are not missed ones.</summary>
    public required long SetUnixMs { get; init; }
}
