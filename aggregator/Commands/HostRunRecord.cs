using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>How a command fares on one host, as it is stored. Times are unix milliseconds; 0 = not yet.</summary>
public sealed record HostRunRecord
{
    /// <summary>The state; final ones never change.</summary>
    public CommandState State { get; init; } = CommandState.Pending;

    /// <summary>The order may have reached the agent. Durable before the order is written, so that false means that the agent never had it.</summary>
    public bool Sent { get; init; }

    /// <summary>Its agent is silent for longer than a run can take: what became of it is not known. Not final: a late report settles it.</summary>
    public bool Overdue { get; init; }

    /// <summary>When the order was handed to the agent's stream.</summary>
    public long SentUnixMs { get; init; }

    /// <summary>When the agent had it in its journal, by the agent's clock.</summary>
    public long DeliveredUnixMs { get; init; }

    /// <summary>When it may have begun to act, by the agent's clock.</summary>
    public long StartedUnixMs { get; init; }

    /// <summary>When the final state came, by the clock of the one who set it.</summary>
    public long EndedUnixMs { get; init; }

    /// <summary>For people.</summary>
    public string Message { get; init; } = "";

    /// <summary>Of the work, 0 to 100.</summary>
    public uint Percent { get; init; }

    /// <summary>Facts for programs.</summary>
    public IReadOnlyDictionary<string, string>? Results { get; init; }

    /// <summary>Output has been cut, by the agent or here.</summary>
    public bool OutputTruncated { get; init; }

    /// <summary>What came after the end and contradicts it, at most <see cref="MaxLate"/>.</summary>
    public IReadOnlyList<LateReport>? Late { get; init; }

    /// <summary>Most entries of <see cref="Late"/>.</summary>
    public const int MaxLate = 8;
}
