using System.Globalization;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Durations inside a query: units descend, each at most once (https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations).</summary>
internal static class DurationLiteral
{
    /// <summary>Longest duration in seconds: what 64 bits of nanoseconds hold.</summary>
    public const double MaxSeconds = 9_223_372_036.854775807;

    private static readonly (string Unit, double Seconds)[] Units =
        [("y", 365 * 86_400.0), ("w", 7 * 86_400.0), ("d", 86_400.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0), ("ms", 0.001)];

    /// <summary>The seconds that a duration token means.</summary>
    /// <exception cref="FormatException">It means nothing; the message says why.</exception>
    public static double Seconds(string text)
    {
        decimal ms = 0;
        int last = -1;
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            ReadOnlySpan<char> number = rest[..digits];
            rest = rest[digits..];
            int letters = rest.IndexOfAnyInRange('0', '9');
            string unit = (letters < 0 ? rest : rest[..letters]).ToString();
            rest = rest[unit.Length..];
            int index = Array.FindIndex(Units, known => known.Unit == unit);
            if (index < 0)
            {
                throw new FormatException($"unknown unit {GoText.Quote(unit)} in duration {GoText.Quote(text)}");
            }

            if (index <= last)
            {
                throw new FormatException($"not a valid duration string: {GoText.Quote(text)}");
            }

            last = index;
            if (number.Length > 18)
            {
                throw new FormatException("duration out of range");
            }

            ms += decimal.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture) * (decimal)(Units[index].Seconds * 1000);
        }

        double seconds = (double)ms / 1000;
        return seconds <= MaxSeconds ? seconds : throw new FormatException("duration out of range");
    }
}
