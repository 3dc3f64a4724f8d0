namespace HostAgent.Aggregator.Storage.Chunks;

/// <summary>Finds out whether doubles are short decimals (0.25, 1.5, 42) that integers hold exactly.</summary>
internal static class DecimalValues
{
    private const long LargestExact = 1L << 53;

    private static readonly uint[] Divisors = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>Converts the bits of doubles to integers and the divisor that gives back every one of them, bit for bit. False when there is
    /// none up to 1,000,000; NaN, infinities and minus zero have none.</summary>
    public static bool TryConvert(ReadOnlySpan<long> bits, Span<long> integers, out uint divisor)
    {
        int candidate = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            while (!TryConvert(bits[i], Divisors[candidate], out integers[i]))
            {
                if (++candidate == Divisors.Length)
                {
                    divisor = 0;
                    return false;
                }
            }
        }

        // A later value may have raised the divisor: the earlier ones, exact at a smaller one, need not be exact at this one.
        divisor = Divisors[candidate];
        for (int i = 0; i < bits.Length; i++)
        {
            if (!TryConvert(bits[i], divisor, out integers[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryConvert(long bits, uint divisor, out long integer)
    {
        double scaled = Math.Round(BitConverter.Int64BitsToDouble(bits) * divisor);
        if (!(Math.Abs(scaled) < LargestExact))
        {
            integer = 0;
            return false;
        }

        integer = (long)scaled;
        return BitConverter.DoubleToInt64Bits((double)integer * 1 / divisor) == bits;
    }
}
