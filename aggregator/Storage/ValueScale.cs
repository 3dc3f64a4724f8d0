namespace HostAgent.Aggregator.Storage;

/// <summary>How a raw 64-bit value becomes a sample: raw * multiplier / divisor, or the bits of an IEEE double. The head and the chunks keep
/// raw values, which are exact and small.</summary>
public readonly record struct ValueScale(uint Multiplier, uint Divisor, bool IsFloat)
{
    /// <summary>Raw values are integers and mean themselves.</summary>
    public static readonly ValueScale Integer = new(1, 1, false);

    /// <summary>Raw values are the bits of doubles.</summary>
    public static readonly ValueScale Float = new(1, 1, true);

    /// <summary>The sample that <paramref name="raw"/> stands for.</summary>
    public double ToValue(long raw) => IsFloat ? BitConverter.Int64BitsToDouble(raw) : (double)raw * Multiplier / Divisor;
}
