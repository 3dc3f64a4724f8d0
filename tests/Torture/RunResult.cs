using HostAgent.Torture.Verification;

namespace HostAgent.Torture;

/// <summary>What a torture run found.</summary>
internal sealed record RunResult
{
    /// <summary>The balance of each host.</summary>
    public required IReadOnlyList<HostTotals> Totals { get; init; }

    /// <summary>Broken promises; empty after a good run.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>How often each fault was injected and each program started.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>Acknowledgements that agents received.</summary>
    public required int Acks { get; init; }

    /// <summary>The most resident memory of any agent, in bytes.</summary>
    public required IReadOnlyDictionary<string, long> PeakMemory { get; init; }

    /// <summary>The slowest start of the aggregator.</summary>
    public required TimeSpan SlowestStart { get; init; }

    /// <summary>How long everything took, with settling and verification.</summary>
    public required TimeSpan Took { get; init; }
}
