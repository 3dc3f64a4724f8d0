using System.Globalization;

namespace Grpc.Core.Wire;

/// <summary><c>grpc-timeout</c>: at most 8 digits and a unit of H, M, S, m, u or n (PROTOCOL-HTTP2.md, Timeout).</summary>
internal static class TimeoutHeader
{
    private const long MaxDigits = 99_999_999;

    /// <summary>Rounded up, so that the peer never gives up before the caller does; at least one nanosecond.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        long ticks = timeout.Ticks;
        return Fits(ticks, TimeSpan.TicksPerMicrosecond, 'u')
            ?? Fits(ticks, TimeSpan.TicksPerMillisecond, 'm')
            ?? Fits(ticks, TimeSpan.TicksPerSecond, 'S')
            ?? Fits(ticks, TimeSpan.TicksPerMinute, 'M')
            ?? Fits(ticks, TimeSpan.TicksPerHour, 'H')!;
    }

    /// <summary>False when the header is malformed. What is longer than a <see cref="TimeSpan"/> is its greatest.</summary>
    public static bool TryParse(string? header, out TimeSpan timeout)
    {
        timeout = default;
        if (header is null || header.Length is < 2 or > 9
            || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }

        long ticksPerUnit = header[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0,
            _ => -1,
        };
        if (ticksPerUnit < 0)
        {
            return false;
        }

        if (ticksPerUnit == 0)
        {
            timeout = TimeSpan.FromTicks((value + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
        }
        else
        {
            timeout = value > TimeSpan.MaxValue.Ticks / ticksPerUnit ? TimeSpan.MaxValue : TimeSpan.FromTicks(value * ticksPerUnit);
        }

        return true;
    }

    private static string? Fits(long ticks, long ticksPerUnit, char unit)
    {
        long value = (ticks / ticksPerUnit) + (ticks % ticksPerUnit == 0 ? 0 : 1);
        return value <= MaxDigits ? value.ToString(CultureInfo.InvariantCulture) + unit : null;
    }
}
