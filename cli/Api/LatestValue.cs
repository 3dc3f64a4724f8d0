using System.Text.Json.Serialization;

namespace HostAgent.Cli.Api;

/// <summary>The newest sample of a series: unix seconds and value, and whether its host still lives (up, stale or down).</summary>
internal sealed record LatestValue(
    string Metric, Dictionary<string, string> Labels, double Time, [property: JsonConverter(typeof(SampleValueConverter))] double Value,
    string? HostLiveness = null);
