using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>One run of an agent process: the boot it belongs to and its epoch.</summary>
internal readonly record struct AgentRun(string BootId, ulong Epoch)
{
    public static AgentRun Of(Hello hello) => new(hello.BootId, hello.Epoch);

    /// <inheritdoc/>
    public override string ToString() => $"boot {(BootId.Length > 8 ? BootId[..8] : BootId)}, epoch {Epoch}";
}
