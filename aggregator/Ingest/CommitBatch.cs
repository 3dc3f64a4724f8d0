using HostAgent.Aggregator.Ingest.Journal;

namespace HostAgent.Aggregator.Ingest;

/// <summary>What one group commit makes durable, and what is to be done then.</summary>
internal sealed class CommitBatch
{
    public JournalRowWriter Row { get; } = new();

    public List<PendingAck> Acks { get; } = [];

    public List<SectionSeal> Seals { get; } = [];

    /// <summary>Id that the row gets.</summary>
    public long RowId { get; set; }

    /// <summary>No section that is still open has a record in a row before this one.</summary>
    public long OldestRowInUse { get; set; }

    public void Clear()
    {
        Row.Reset();
        Acks.Clear();
        Seals.Clear();
    }
}
