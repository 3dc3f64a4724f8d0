namespace HostAgent.Aggregator.Commands;

/// <summary>In which steps a command reaches its hosts, and when it stops. Persisted with the command.</summary>
public sealed record RolloutPlan
{
    /// <summary>Hosts at work at a time; 0 = no limit.</summary>
    public int MaxConcurrent { get; init; }

    /// <summary>Hosts of the first batch; 0 = no canary.</summary>
    public int Canary { get; init; }

    /// <summary>Hosts of each further batch: a number or a percentage of all; null = all that are left.</summary>
    public string? Batch { get; init; }

    /// <summary>Runs that may end badly: a number or a percentage of all hosts. One more, and what has not been sent is cancelled. Null = with
    /// batches or a canary none, otherwise all.</summary>
    public string? MaxErrors { get; init; }

    /// <summary>Wait between the end of a batch and its probe, in milliseconds.</summary>
    public long PauseMs { get; init; }

    /// <summary>What must hold after each batch before the next begins, see <see cref="ProbeCondition"/>; null = nothing.</summary>
    public string? Probe { get; init; }

    /// <summary>How long the probe may take to hold, in milliseconds. Default 60 s.</summary>
    public long ProbeWithinMs { get; init; } = 60_000;

    /// <summary>There is more than one step.</summary>
    internal bool IsStaged => Canary > 0 || Batch is not null;

    /// <summary>The first index of each batch over <paramref name="total"/> hosts, and their total at the end.</summary>
    internal IReadOnlyList<int> Bounds(int total)
    {
        var bounds = new List<int> { 0 };
        if (Canary > 0 && Canary < total)
        {
            bounds.Add(Canary);
        }

        int size = Batch is not null && Share.TryParse(Batch, out Share share) ? Math.Max(1, share.Of(total)) : total;
        while (bounds[^1] < total)
        {
            bounds.Add(Math.Min(total, bounds[^1] + size));
        }

        return bounds;
    }

    /// <summary>How many runs may end badly.</summary>
    internal int ErrorsAllowed(int total)
        => MaxErrors is not null && Share.TryParse(MaxErrors, out Share share) ? share.Of(total) : IsStaged ? 0 : int.MaxValue;

    /// <exception cref="CommandException">A member has a value that is not allowed.</exception>
    internal void Check()
    {
        if (MaxConcurrent < 0 || Canary < 0 || PauseMs < 0 || ProbeWithinMs < 0)
        {
            throw CommandException.Invalid("rollout", "Numbers and durations of a rollout are 0 or more.");
        }

        if (Batch is not null && (!Share.TryParse(Batch, out Share batch) || batch.Number == 0))
        {
            throw CommandException.Invalid("rollout.batch", $"\"{Batch}\" is no size of a batch; {Share.Allowed}, at least 1.");
        }

        if (MaxErrors is not null && !Share.TryParse(MaxErrors, out _))
        {
            throw CommandException.Invalid("rollout.maxErrors", $"\"{MaxErrors}\" is no number of errors; {Share.Allowed}.");
        }

        if (Probe is not null)
        {
            _ = ProbeCondition.Parse(Probe);
        }
    }
}
