namespace HostAgent.GrpcBench;

/// <summary>What is asked of a runtime.</summary>
/// <param name="Kind">"unary": calls; "duplex": echoed messages of one duplex stream.</param>
/// <param name="InFlight">Calls, or messages, that are sent and not yet answered.</param>
internal sealed record Workload(string Kind, int InFlight)
{
    /// <summary>Bytes of body that make a message of 500 bytes, with the field's tag and length.</summary>
    public const int BodyBytes = 497;

    /// <summary>All that is measured, in the order of the table.</summary>
    public static IReadOnlyList<Workload> All { get; } = [new("unary", 1), new("unary", 64), new("duplex", 1), new("duplex", 256)];

    public override string ToString() => $"{Kind}, {InFlight} in flight";
}
