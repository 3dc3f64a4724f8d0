using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>One series and its points.</summary>
/// <param name="Metric">Metric name.</param>
/// <param name="Labels">All labels, including host and instance.</param>
/// <param name="Points">Pairs of unix seconds and value, ascending; a value is a number, or "NaN", "+Inf" or "-Inf".</param>
internal sealed record SeriesPoints(string Metric, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Point> Points)
{
    /// <summary>Translates from the engine's view.</summary>
    public static SeriesPoints From(RangeSeries series) => new(
        series.Series.Metric,
        series.Series.Labels.ToDictionary(label => label.Name, label => label.Value),
        series.Points);
}
