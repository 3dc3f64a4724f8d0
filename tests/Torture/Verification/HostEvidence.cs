namespace HostAgent.Torture.Verification;

/// <summary>Both sides of one host's story: what its agent produced and what the aggregator has.</summary>
internal sealed record HostEvidence
{
    /// <summary>The host's name in messages.</summary>
    public required string Host { get; init; }

    /// <summary>The agent's own record.</summary>
    public required AgentTrace Trace { get; init; }

    /// <summary>How each epoch but the open one ended.</summary>
    public required IReadOnlyList<EpochEnd> Ends { get; init; }

    /// <summary>The aggregator's account.</summary>
    public required IReadOnlyList<AccountRun> Account { get; init; }

    /// <summary>The epoch that still runs, or ended last: frames after its newest ack are not settled yet. 0: every epoch is settled.</summary>
    public ulong OpenEpoch { get; init; }

    /// <summary>First frames of the segments that still lie in the agent's spool: what follows them in the open epoch is on its way.</summary>
    public IReadOnlyList<FrameKey> Spooled { get; init; } = [];

    /// <summary>How many samples the store holds at each instant, over all series of the host; null when not asked.</summary>
    public IReadOnlyDictionary<long, int>? StoredSamples { get; init; }

    /// <summary>Points of the series whose value is the sequence of the frame that carries it; null when not asked.</summary>
    public IReadOnlyList<StoredPoint>? SequencePoints { get; init; }

    /// <summary>The host's wall clock was wrong at times: the aggregator may refuse a frame for its time, which it acknowledges and accounts for.</summary>
    public bool ClockJumps { get; init; }

    /// <summary>How many of its newest frames an agent may hold in memory alone: older ones must be acknowledged or in the spool. Counted in
    /// frames, because the clock of the agent may jump.</summary>
    public ulong MemoryWindowFrames { get; init; } = 150;
}
