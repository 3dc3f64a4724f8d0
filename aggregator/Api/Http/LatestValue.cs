using System.Text.Json.Serialization;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>The newest sample of one series.</summary>
/// <param name="Metric">Metric name.</param>
/// <param name="Labels">All labels, including host and instance.</param>
/// <param name="Time">Unix seconds, with milliseconds as decimals.</param>
/// <param name="Value">A number, or "NaN", "+Inf" or "-Inf".</param>
internal sealed record LatestValue(
    string Metric, IReadOnlyDictionary<string, string> Labels, decimal Time, [property: JsonConverter(typeof(SampleValueConverter))] double Value)
{
    /// <summary>Translates from the engine's view.</summary>
    public static LatestValue From(LatestSample sample) => new(
        sample.Series.Metric,
        sample.Series.Labels.ToDictionary(label => label.Name, label => label.Value),
        sample.UnixMs / 1000m,
        sample.Value);
}
