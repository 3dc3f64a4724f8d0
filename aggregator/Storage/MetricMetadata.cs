using HostAgent.V1;

namespace HostAgent.Aggregator.Storage;

/// <summary>What a metric is, as its newest announcement said.</summary>
public sealed record MetricMetadata(string Name, MetricType Type, string Help);
