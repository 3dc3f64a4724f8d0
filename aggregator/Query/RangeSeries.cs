using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query;

/// <summary>One series of an answer, with its points in ascending time.</summary>
internal sealed record RangeSeries(SeriesInfo Series, IReadOnlyList<Point> Points);
