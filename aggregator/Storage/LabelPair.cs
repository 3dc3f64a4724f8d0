namespace HostAgent.Aggregator.Storage;

/// <summary>One label of a series. The value is never empty: an empty label is an absent one.</summary>
public readonly record struct LabelPair(string Name, string Value);
