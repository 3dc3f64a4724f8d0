using System.Text.Json.Serialization;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>The newest sample of one series.</summary>
/// <param name="Metric">Metric name.</param>
/// <param name="Labels">All labels, including host and instance.</param>
/// <param name="Time">Unix seconds, with milliseconds as decimals.</param>
/// <param name="Value">A number, or "NaN", "+Inf" or "-Inf".</param>
/// <param name="AgeSeconds">How old the sample is by the aggregator's clock; 0 when the host's clock is ahead.</param>
/// <param name="HostLiveness">up, stale or down: the last sample of a host that is not up says how it was, not how it is. Null when the host is not known.</param>
internal sealed record LatestValue(
    string Metric, IReadOnlyDictionary<string, string> Labels, decimal Time, [property: JsonConverter(typeof(SampleValueConverter))] double Value,
    decimal AgeSeconds, string? HostLiveness)
{
    /// <summary>Translates from the engine's view.</summary>
    public static LatestValue From(LatestSample sample, long nowUnixMs, Liveness? host) => new(
        sample.Series.Metric,
        sample.Series.Labels.ToDictionary(label => label.Name, label => label.Value),
        sample.UnixMs / 1000m,
        sample.Value,
        Math.Max(0, nowUnixMs - sample.UnixMs) / 1000m,
        host?.ToString().ToLowerInvariant());
}
