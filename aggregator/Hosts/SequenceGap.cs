namespace HostAgent.Aggregator.Hosts;

/// <summary>Sequences of an epoch that nobody has accounted for yet, both ends included.</summary>
public sealed record SequenceGap(ulong Epoch, ulong FirstSequence, ulong LastSequence);
