namespace HostAgent.Aggregator.Storage;

/// <summary>What one group commit received, of all hosts, as it came (see Ingest/Journal/FORMAT.md).</summary>
public readonly record struct JournalRow(long Id, ReadOnlyMemory<byte> Body);
