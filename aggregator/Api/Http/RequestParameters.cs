using System.Globalization;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Reads query parameters; each method says in its error which parameter, what it held and what is allowed.</summary>
internal static class RequestParameters
{
    /// <summary>The selector in <c>match</c>, which must be given.</summary>
    public static Selector Selector(string? match)
        => Query.Selector.Parse(match ?? throw ApiException.BadParameter("match", "A selector is missing; write for example ?match=host_load1"));

    /// <summary>An instant in unix milliseconds; <paramref name="otherwise"/> is parsed when nothing is given.</summary>
    public static long Time(string name, string? value, string otherwise, long nowUnixMs)
        => TimeText.TryParseMs(value ?? otherwise, nowUnixMs, out long unixMs)
            ? unixMs
            : throw ApiException.BadParameter(name, $"\"{value}\" is no time; {TimeText.Allowed}.");

    /// <summary>The closed interval from <c>from</c> and <c>to</c>; the latter defaults to now.</summary>
    public static (long FromUnixMs, long ToUnixMs) Interval(string? from, string? to, string fromOtherwise, TimeProvider time)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        (long fromUnixMs, long toUnixMs) = (Time("from", from, fromOtherwise, now), Time("to", to, "now", now));
        return fromUnixMs <= toUnixMs
            ? (fromUnixMs, toUnixMs)
            : throw ApiException.BadParameter("from", $"The interval begins ({ApiTime.Format(fromUnixMs)}) after it ends ({ApiTime.Format(toUnixMs)}).");
    }

    /// <summary>A duration in milliseconds, 1 or more; null when nothing is given.</summary>
    public static long? DurationMs(string name, string? value)
        => value is null ? null
            : DurationText.TryParseMs(value, out long ms) && ms > 0 ? ms
            : throw ApiException.BadParameter(name, $"\"{value}\" is no duration longer than 0; {DurationText.Allowed}.");

    /// <summary>A whole number from 1 to <paramref name="max"/>; <paramref name="max"/> when nothing is given.</summary>
    public static int Limit(string name, string? value, int max)
        => value is null ? max
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= max ? number
            : throw ApiException.BadParameter(name, $"\"{value}\" is no whole number from 1 to {max}.");

    /// <summary>One of <see cref="Aggregation"/>; null when nothing is given.</summary>
    public static Aggregation? Aggregation(string? value)
        => value is null ? null
            : Enum.GetNames<Aggregation>().Contains(value, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<Aggregation>(value, ignoreCase: true)
            : throw ApiException.BadParameter("agg", $"\"{value}\" is no aggregation; write avg, min, max, sum, count, last or rate.");
}
