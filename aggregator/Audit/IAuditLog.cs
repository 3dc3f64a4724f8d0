using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Audit;

namespace HostAgent.Aggregator.Audit;

/// <summary>The record of every act: appended, chained by hashes, never changed. Thread-safe. Every method throws
/// <see cref="StorageException"/> when the disk fails.</summary>
public interface IAuditLog
{
    /// <summary>The last record. Whoever keeps it elsewhere can later prove that nothing up to it was changed.</summary>
    public AuditAnchor Head { get; }

    /// <summary>Appends a record that is durable on return, together with <paramref name="changes"/>: after a crash both are there or neither.
    /// An act whose effect is a document hands the document in here; any other act appends first and acts then
    /// (<see cref="AuditOutcome.Intended"/>).</summary>
    public AuditRecord Append(AuditEntry entry, params IReadOnlyList<DocumentChange> changes);

    /// <summary>At most <paramref name="limit"/> records from <paramref name="from"/> on, upwards or downwards.</summary>
    public IReadOnlyList<AuditRecord> Read(ulong from, int limit, bool descending = false);
}
