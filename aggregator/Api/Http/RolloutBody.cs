using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>In which steps a command reaches its hosts.</summary>
internal sealed record RolloutBody
{
    /// <summary>Hosts at work at a time. Default: no limit.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>Hosts of the first batch. Default: no canary.</summary>
    public int? Canary { get; init; }

    /// <summary>Hosts of each further batch: a number (3) or a percentage of all (10%). Default: all that are left.</summary>
    public string? Batch { get; init; }

    /// <summary>Runs that may end badly: a number or a percentage of all. Default: none with batches or a canary, otherwise all.</summary>
    public string? MaxErrors { get; init; }

    /// <summary>Wait between the end of a batch and its probe, for example 30s. Default: none.</summary>
    public string? Pause { get; init; }

    /// <summary>What must hold before the next batch: hosts-up, or a condition over newest values such as probe_success == 1.</summary>
    public string? Probe { get; init; }

    /// <summary>How long the probe may take to hold. Default: 1m.</summary>
    public string? ProbeWithin { get; init; }

    /// <summary>As the dispatcher takes it.</summary>
    /// <exception cref="CommandException">A member has a value that is not allowed.</exception>
    public RolloutPlan ToPlan() => new()
    {
        MaxConcurrent = MaxConcurrent ?? 0,
        Canary = Canary ?? 0,
        Batch = Batch,
        MaxErrors = MaxErrors,
        PauseMs = (long)(CommandBody.Duration("rollout.pause", Pause) ?? TimeSpan.Zero).TotalMilliseconds,
        Probe = Probe,
        ProbeWithinMs = (long)(CommandBody.Duration("rollout.probeWithin", ProbeWithin) ?? TimeSpan.FromMinutes(1)).TotalMilliseconds,
    };
}
