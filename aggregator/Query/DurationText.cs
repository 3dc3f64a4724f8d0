using System.Globalization;

namespace HostAgent.Aggregator.Query;

/// <summary>Durations as Prometheus writes them: <c>500ms</c>, <c>90s</c>, <c>1h30m</c>, <c>7d</c>, <c>2w</c>, <c>1y</c> (365 d); a bare
/// number is seconds.</summary>
internal static class DurationText
{
    /// <summary>What error messages say is allowed.</summary>
    public const string Allowed = "write a duration such as 500ms, 10s, 5m, 1h30m, 7d or a number of seconds";

    private static readonly (string Unit, long Ms)[] Units =
        [("y", 365 * 86_400_000L), ("w", 7 * 86_400_000L), ("d", 86_400_000L), ("h", 3_600_000L), ("m", 60_000L), ("s", 1000L), ("ms", 1L)];

    /// <summary>Milliseconds, 0 or more; at most 100 years.</summary>
    public static bool TryParseMs(ReadOnlySpan<char> text, out long ms)
    {
        ms = 0;
        const long limit = 100 * 365 * 86_400_000L;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            ms = seconds * 1000 <= limit ? (long)Math.Round(seconds * 1000) : -1;
            return ms >= 0;
        }

        int nextUnit = 0;
        while (text.Length > 0)
        {
            int digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                return false;
            }

            text = text[digits..];
            int letters = text.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> unit = letters < 0 ? text : text[..letters];
            while (nextUnit < Units.Length && !unit.SequenceEqual(Units[nextUnit].Unit))
            {
                nextUnit++; // larger units come first, each once
            }

            if (nextUnit == Units.Length || count > limit / Units[nextUnit].Ms || (ms += count * Units[nextUnit++].Ms) > limit)
            {
                return false;
            }

            text = text[unit.Length..];
        }

        return nextUnit > 0;
    }

    /// <summary>The shortest writing: 5400000 is <c>1h30m</c>, 0 is <c>0s</c>.</summary>
    public static string Format(long ms)
    {
        var text = new System.Text.StringBuilder();
        foreach ((string unit, long size) in Units)
        {
            if (ms >= size)
            {
                text.Append(CultureInfo.InvariantCulture, $"{ms / size}{unit}");
                ms %= size;
            }
        }

        return text.Length > 0 ? text.ToString() : "0s";
    }
}
