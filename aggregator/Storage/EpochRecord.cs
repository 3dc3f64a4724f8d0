namespace HostAgent.Aggregator.Storage;

/// <summary>What is known of one run of an agent.</summary>
/// <param name="HostId">Its host.</param>
/// <param name="Epoch">Its number.</param>
/// <param name="Ended">A later run of the agent has reported its end.</param>
/// <param name="Clean">It wrote what it held before it ended; meaningless while it has not.</param>
/// <param name="LastSequence">Highest sequence that can still arrive or has arrived; 0 when unknown or none.</param>
/// <param name="FloorSequence">Sequences below this were accounted for once and have been forgotten by retention.</param>
public sealed record EpochRecord(string HostId, ulong Epoch, bool Ended, bool Clean, ulong LastSequence, ulong FloorSequence);
