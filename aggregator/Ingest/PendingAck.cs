namespace HostAgent.Aggregator.Ingest;

/// <summary>Whom to tell, once the commit is durable, up to which frame its lane is.</summary>
internal readonly record struct PendingAck(LaneSession Lane, ulong Epoch, ulong Sequence, int Entries);
