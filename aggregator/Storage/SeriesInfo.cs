namespace HostAgent.Aggregator.Storage;

/// <summary>What the store knows of one series, as it was when asked.</summary>
/// <param name="Id">Key for <see cref="ISeriesReader.Read"/>.</param>
/// <param name="Metric">Metric name.</param>
/// <param name="Labels">All labels, including <c>host</c> and <c>instance</c>.</param>
/// <param name="HostId">The host that produces it (32 hex digits; the same as the label <c>instance</c>), "" for imported series.</param>
/// <param name="FirstUnixMs">Time of the oldest sample ever stored, in unix milliseconds.</param>
/// <param name="LastUnixMs">Time of the newest sample stored, in unix milliseconds.</param>
public sealed record SeriesInfo(SeriesId Id, string Metric, LabelSet Labels, string HostId, long FirstUnixMs, long LastUnixMs);
