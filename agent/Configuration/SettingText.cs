using System.Globalization;

namespace HostAgent.Agent.Configuration;

/// <summary>How durations and sizes are written in settings.</summary>
internal static class SettingText
{
    private static readonly (string Suffix, double Seconds)[] DurationUnits =
        [("ms", 0.001), ("s", 1), ("m", 60), ("min", 60), ("h", 3600), ("d", 86400)];

    private static readonly (string Suffix, long Bytes)[] SizeUnits =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("B", 1), ("", 1)];

    /// <summary>A number and a unit: <c>500ms</c>, <c>1.5s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>; or <c>0</c>. Null: it is not.</summary>
    public static TimeSpan? Duration(string text)
    {
        text = text.Trim();
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        var digits = text.AsSpan().IndexOfAnyExceptInRange('.', '9');
        if (digits <= 0 || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        foreach (var (suffix, seconds) in DurationUnits)
        {
            if (text.AsSpan(digits).Trim().SequenceEqual(suffix) && number * seconds < 1e9)
            {
                return TimeSpan.FromTicks((long)Math.Round(number * seconds * TimeSpan.TicksPerSecond));
            }
        }

        return null;
    }

    /// <summary>A whole number of bytes with a unit or without: <c>64KiB</c>, <c>4MiB</c>, <c>1GiB</c>, <c>1048576</c>. Null: it is not.</summary>
    public static long? Size(string text)
    {
        text = text.Trim();
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        foreach (var (suffix, bytes) in SizeUnits)
        {
            if (text.AsSpan(digits).Trim().SequenceEqual(suffix))
            {
                return number <= long.MaxValue / bytes ? number * bytes : null;
            }
        }

        return null;
    }
}
