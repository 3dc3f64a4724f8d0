namespace HostAgent.Agent.Sampling;

/// <summary>One thread that runs ticks, and what its supervisor may know of it.</summary>
internal sealed class TickRunner(SeriesTable table, TimeProvider time)
{
    private SamplerSlot? _current;
    private long _since;

    /// <summary>What its samplers work with.</summary>
    public Tick Tick { get; } = new(table, time);

    /// <summary>The sampler whose reading is under way, or null.</summary>
    public SamplerSlot? Current => Volatile.Read(ref _current);

    /// <summary>Reads one sampler under the supervisor's eye. Returns true when its series have new values.</summary>
    /// <exception cref="Linux.AbandonedException">The supervisor has given up on it.</exception>
    public bool Sample(SamplerSlot slot)
    {
        Volatile.Write(ref _since, time.GetTimestamp());
        Volatile.Write(ref _current, slot);
        bool taken = slot.Sample(Tick);
        Volatile.Write(ref _current, null);
        return taken;
    }

    /// <summary>How much longer the reading that is under way may take: null when none is, zero or less when its time is over.</summary>
    public TimeSpan? TimeLeft => Current is { } slot ? slot.Timeout - time.GetElapsedTime(Volatile.Read(ref _since)) : null;

    /// <summary>Takes the ticks away from this thread if it sits in a call into the kernel. Returns the sampler that it was reading.</summary>
    public SamplerSlot? TryAbandon() => Tick.Gate.TryAbandon() ? Current : null;
}
