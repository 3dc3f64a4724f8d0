using System.Globalization;

namespace HostAgent.Aggregator.Query;

/// <summary>Instants as askers write them: RFC 3339, unix seconds, <c>now</c>, or a duration before now such as <c>-1h</c>.</summary>
internal static class TimeText
{
    /// <summary>What error messages say is allowed.</summary>
    public const string Allowed = "write a time as RFC 3339 (2026-11-22T13:00:00Z), as unix seconds (1795352400), as now, or as a duration before now (-1h)";

    private const long MaxUnixMs = 253_402_300_799_999; // the last millisecond of the year 9999

    /// <summary>Unix milliseconds, 0 or more.</summary>
    public static bool TryParseMs(string text, long nowUnixMs, out long unixMs)
    {
        unixMs = 0;
        string relative = text.StartsWith("now", StringComparison.Ordinal) ? text[3..] : text;
        if (relative.Length == 0)
        {
            unixMs = nowUnixMs;
            return text.Length > 0;
        }

        if (relative[0] is '-' or '+' && (relative.Length != text.Length || char.IsAsciiLetter(relative[^1])))
        {
            if (!DurationText.TryParseMs(relative.AsSpan(1), out long ms))
            {
                return false;
            }

            unixMs = Math.Clamp(relative[0] == '-' ? nowUnixMs - ms : nowUnixMs + ms, 0, MaxUnixMs);
            return true;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            if (!double.IsFinite(seconds))
            {
                return false;
            }

            unixMs = (long)Math.Round(Math.Min(seconds * 1000, MaxUnixMs + 1.0));
            return unixMs <= MaxUnixMs;
        }

        return TryRfc3339(text, out unixMs);
    }

    private static bool TryRfc3339(string text, out long unixMs)
    {
        unixMs = 0;
        // A plus sign that nobody percent-encoded arrives as a space.
        if (text.Length > 6 && text[^6] == ' ' && text[^3] == ':')
        {
            text = $"{text[..^6]}+{text[^5..]}";
        }

        bool hasOffset = text.Length > 19 && text[10] is 'T' or 't' && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-');
        if (!hasOffset
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return false;
        }

        unixMs = time.ToUnixTimeMilliseconds();
        return unixMs >= 0;
    }
}
