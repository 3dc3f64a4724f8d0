namespace HostAgent.Agent.Sampling;

/// <summary>Reads one source of the host. A subclass is one file in Samplers/ that registers itself in <see cref="SamplerCatalog"/>.</summary>
/// <remarks>All calls come from one thread at a time. A reading may be cut short by an exception at any call into the kernel (see
/// <see cref="Linux.TickGate"/>); the next one starts afresh, so state is kept such that this does no harm.</remarks>
internal abstract class Sampler : IDisposable
{
    /// <summary>Reads the source and sets the values of all live series of the group, adding and ending series as things come and go.
    /// In a steady state it allocates nothing.</summary>
    public abstract SampleOutcome Sample(Tick tick);

    /// <summary>Closes what is kept open.</summary>
    public abstract void Dispose();
}
