using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>One series that the aggregator has samples of.</summary>
/// <param name="Metric">Metric name.</param>
/// <param name="Labels">All labels, including host and instance.</param>
/// <param name="Type">gauge, counter, histogram, info or unknown.</param>
/// <param name="Help">What the metric means.</param>
/// <param name="FirstSample">Time of the oldest sample ever stored, RFC 3339.</param>
/// <param name="LastSample">Time of the newest sample, RFC 3339.</param>
internal sealed record SeriesDescription(
    string Metric, IReadOnlyDictionary<string, string> Labels, string Type, string Help, string FirstSample, string LastSample)
{
    /// <summary>Translates from the store's view.</summary>
    public static SeriesDescription From(SeriesInfo series, MetricMetadata? metadata) => new(
        series.Metric,
        series.Labels.ToDictionary(label => label.Name, label => label.Value),
        metadata is null || metadata.Type == V1.MetricType.Unspecified ? "unknown" : metadata.Type.ToString().ToLowerInvariant(),
        metadata?.Help ?? "",
        ApiTime.Format(series.FirstUnixMs),
        ApiTime.Format(series.LastUnixMs));
}
