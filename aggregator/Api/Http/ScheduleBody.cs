using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Schedules;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A schedule as it is set: when, and a command or a runbook.</summary>
internal sealed record ScheduleBody
{
    /// <summary>Five crontab fields (0 2 * * sun), a word (hourly, daily, weekly, monthly), or a time such as Sun 02:00.</summary>
    public string? At { get; init; }

    /// <summary>IANA time zone, for example Europe/Berlin. Default: UTC.</summary>
    public string? Zone { get; init; }

    /// <summary>It is followed. Default: true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>What happens with times that pass while the aggregator is away: skip or run-once. Default: skip.</summary>
    public string? Missed { get; init; }

    /// <summary>Each time is put off by up to this long, for example 10m. Default: not at all.</summary>
    public string? Jitter { get; init; }

    /// <summary>Kind of the command.</summary>
    public string? Kind { get; init; }

    /// <summary>Hosts of the command; those that cannot do it at the time are left out.</summary>
    public string? On { get; init; }

    /// <summary>Arguments of the command, or parameters of the runbook.</summary>
    public Dictionary<string, string>? Args { get; init; }

    /// <summary>How long the command may wait for its hosts. Default: 5m.</summary>
    public string? ExpiresIn { get; init; }

    /// <summary>How long the command may take on a host. Default: as the kind says.</summary>
    public string? Timeout { get; init; }

    /// <summary>Name of the runbook, instead of a command.</summary>
    public string? Runbook { get; init; }

    /// <summary>As it is stored.</summary>
    /// <exception cref="CommandException">A member has a value that is not allowed.</exception>
    public ScheduleRecord ToRecord(string name, string who, long nowUnixMs) => new()
    {
        Name = name,
        At = At ?? throw CommandException.Invalid("at", "Say when: five crontab fields, a word, or a time such as Sun 02:00."),
        Zone = Zone ?? "UTC",
        Enabled = Enabled ?? true,
        Missed = Missed switch
        {
            null or "skip" => MissedPolicy.Skip,
            "run-once" => MissedPolicy.RunOnce,
            _ => throw CommandException.Invalid("missed", $"\"{Missed}\" is neither skip nor run-once."),
        },
        JitterMs = Milliseconds("jitter", Jitter),
        Kind = Kind,
        On = On,
        Args = new SortedDictionary<string, string>(Args ?? [], StringComparer.Ordinal),
        ExpiresMs = Milliseconds("expiresIn", ExpiresIn),
        TimeoutMs = (uint)Math.Min(uint.MaxValue, Milliseconds("timeout", Timeout)),
        Runbook = Runbook,
        SetBy = who,
        SetUnixMs = nowUnixMs,
    };

    private static long Milliseconds(string field, string? text) => (long)(CommandBody.Duration(field, text) ?? TimeSpan.Zero).TotalMilliseconds;
}
