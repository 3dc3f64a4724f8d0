namespace HostAgent.Aggregator.Storage;

/// <summary>The value that says "this series ended here": a NaN of one particular bit pattern, the one Prometheus uses, so that exports and
/// imports agree. A reader must test for it before it treats a NaN as a sample.</summary>
public static class StaleMarker
{
    /// <summary>The bits of the marker.</summary>
    public const long Bits = 0x7ff0000000000002;

    /// <summary>The marker as a double.</summary>
    public static double Value => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>True for the marker only, not for an ordinary NaN.</summary>
    public static bool Is(double value) => BitConverter.DoubleToInt64Bits(value) == Bits;
}
