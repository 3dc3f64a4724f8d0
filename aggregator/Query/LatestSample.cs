using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query;

/// <summary>The newest sample of a series.</summary>
internal sealed record LatestSample(SeriesInfo Series, long UnixMs, double Value);
