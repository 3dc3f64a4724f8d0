namespace HostAgent.TestSupport.Processes;

/// <summary>One series of an answer of <c>/v1/range</c>.</summary>
/// <param name="Metric">Metric name.</param>
/// <param name="Labels">All labels.</param>
/// <param name="Points">Samples, ascending by time.</param>
public sealed record ApiSeries(string Metric, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<(long UnixMs, double Value)> Points);
