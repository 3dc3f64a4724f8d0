namespace HostAgent.Aggregator.Commands;

/// <summary>Limits and patience of the dispatcher.</summary>
public sealed record CommandOptions
{
    /// <summary>How long a command may wait for its hosts when its asker says nothing. Default 5 min.</summary>
    public TimeSpan DefaultExpiry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest time between acceptance and not-after. Default 7 days.</summary>
    public TimeSpan MaxExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long after the last instant at which a command could still run its agent may be silent before the run counts as overdue.
    /// Default 15 s.</summary>
    public TimeSpan ReportGrace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an overdue run waits for its agent before it ends as unknown-reconciled. Default 7 days.</summary>
    public TimeSpan AbandonAfter { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often time limits and rollouts are looked at. Default 500 ms.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most hosts of one command. Default 10,000.</summary>
    public int MaxTargets { get; init; } = 10_000;

    /// <summary>Most commands that are not concluded. Default 10,000.</summary>
    public int MaxActive { get; init; } = 10_000;

    /// <summary>Output kept of one host. Default 256 KiB.</summary>
    public int MaxOutputBytesPerHost { get; init; } = 256 * 1024;

    /// <summary>Output kept of one command, all hosts together. Default 32 MiB.</summary>
    public int MaxOutputBytesPerCommand { get; init; } = 32 * 1024 * 1024;

    /// <summary>Most runs of one kind that changes something, over the whole fleet, within <see cref="BudgetWindow"/>; null = no limit. Default null.</summary>
    public int? BudgetRuns { get; init; }

    /// <summary>See <see cref="BudgetRuns"/>. Default 1 h.</summary>
    public TimeSpan BudgetWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long concluded commands are kept. Default 400 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(400);
}
