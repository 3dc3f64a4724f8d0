namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>One value of one series of an answer.</summary>
internal readonly record struct ResultSample(Labels Labels, double Value);
