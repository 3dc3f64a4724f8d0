namespace HostAgent.Aggregator.Storage.Head;

/// <summary>Where the head keeps samples of a series: one column of one section.</summary>
internal readonly record struct HeadColumn(HeadSection Section, int Local);
