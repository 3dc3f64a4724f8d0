using System.Globalization;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>How instants are written in answers outside of points: RFC 3339 in UTC with milliseconds.</summary>
internal static class ApiTime
{
    /// <summary>Writes unix milliseconds.</summary>
    public static string Format(long unixMs)
        => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes unix milliseconds, where 0 means never and is null.</summary>
    public static string? FormatOrNull(long unixMs) => unixMs == 0 ? null : Format(unixMs);
}
