using HostAgent.Aggregator.Metrics;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Audit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostAgent.Aggregator.Audit;

/// <summary>The audit in the document store and its head in a file beside it. When the two disagree at the start, somebody was at the store:
/// the file is kept aside, the disagreement is recorded and told by /health, and the aggregator goes on, since an emergency must not wait.</summary>
internal sealed partial class AuditLog : IAuditLog, IHealthCheck, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IDocumentStore _store;
    private readonly TimeProvider _time;
    private readonly MetricRegistry _metrics;
    private readonly ILogger<AuditLog> _log;
    private readonly string _headPath;
    private readonly AuditHeadFile _headFile;
    private AuditAnchor _head;

    /// <param name="store">Where the records are.</param>
    /// <param name="headPath">Path of audit.head.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Where records are counted.</param>
    /// <param name="log">Where trouble is told.</param>
    /// <exception cref="IOException">audit.head cannot be read or written.</exception>
    public AuditLog(IDocumentStore store, string headPath, TimeProvider time, MetricRegistry metrics, ILogger<AuditLog> log)
    {
        (_store, _headPath, _time, _metrics, _log) = (store, headPath, time, metrics, log);
        _head = AuditDocuments.Last(store);
        string? trouble = Disagreement(headPath);
        if (trouble is not null)
        {
            string aside = $"{headPath}.broken-{time.GetUtcNow().ToUnixTimeMilliseconds()}";
            File.Move(headPath, aside, overwrite: true);
            LogBroken(trouble, aside);
        }

        _headFile = AuditHeadFile.Open(headPath);
        _headFile.Write(_head);
        if (trouble is not null)
        {
            Append(new AuditEntry { Actor = AuditEntry.Aggregator, Action = "audit.broken", Outcome = AuditOutcome.Failed, Details = new Dictionary<string, string> { ["found"] = trouble } });
        }
    }

    /// <inheritdoc/>
    public AuditAnchor Head
    {
        get
        {
            lock (_gate)
            {
                return _head;
            }
        }
    }

    /// <inheritdoc/>
    public AuditRecord Append(AuditEntry entry, params IReadOnlyList<DocumentChange> changes)
    {
        lock (_gate)
        {
            AuditRecord record = AuditChain.Seal(new AuditRecord
            {
                Sequence = _head.Sequence + 1,
                UnixMs = _time.GetUtcNow().ToUnixTimeMilliseconds(),
                Actor = AuditText.Clean(entry.Actor),
                Role = AuditText.Clean(entry.Role),
                Origin = AuditText.Clean(entry.Origin),
                Action = AuditText.Clean(entry.Action),
                Target = AuditText.Clean(entry.Target),
                Outcome = entry.Outcome.ToString().ToLowerInvariant(),
                Details = AuditText.Clean(entry.Details),
                PreviousHash = _head.Hash,
                Hash = "",
            });
            _store.Commit([.. changes, .. AuditDocuments.Changes(record)]);
            _head = new AuditAnchor(record.Sequence, record.Hash);
            KeepHead();
            _metrics.Counter("hostaggregator_audit_records_total", "Records appended to the audit.", ("outcome", record.Outcome)).Increment();
            return record;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<AuditRecord> Read(ulong from, int limit, bool descending = false)
    {
        IReadOnlyList<Document> found = descending
            ? _store.Scan(AuditDocuments.Records, toKey: AuditDocuments.Key(from) + "\0", limit: limit, descending: true)
            : _store.Scan(AuditDocuments.Records, AuditDocuments.Key(from), limit: limit);
        try
        {
            return [.. found.Select(document => AuditChain.Decode(document.Body.Span))];
        }
        catch (FormatException e)
        {
            throw new StorageException($"the audit is damaged: {e.Message}; stop the aggregator and run hostaggregator audit verify", isTransient: false, e);
        }
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] broken = Directory.GetFiles(Path.GetDirectoryName(_headPath)!, Path.GetFileName(_headPath) + ".broken-*");
        return Task.FromResult(broken.Length == 0
            ? HealthCheckResult.Healthy($"{Head.Sequence} records")
            : HealthCheckResult.Degraded($"the audit did not agree with its head at a start: compare {broken[0]} with \"hostctl audit verify\", then move the file away"));
    }

    /// <inheritdoc/>
    public void Dispose() => _headFile.Dispose();

    private string? Disagreement(string headPath)
    {
        if (!File.Exists(headPath))
        {
            return null; // the first start, or the operator has moved it away
        }

        foreach ((string where, AuditAnchor? kept) in new[] { (AuditHeadFile.Name, AuditHeadFile.TryRead(headPath)), ("the store's own head", AuditDocuments.Head(_store)) })
        {
            if (kept is null)
            {
                return _head == AuditAnchor.Empty ? null : $"{where} cannot be read";
            }

            if (kept.Sequence > _head.Sequence)
            {
                return $"{where} is {kept}, but the audit ends at {_head}: its end was cut off";
            }

            if (kept.Sequence > 0 && AuditDocuments.HashAt(_store, kept.Sequence) != kept.Hash)
            {
                return $"{where} is {kept}, but that record is not there or has another hash: records were replaced";
            }
        }

        return null;
    }

    // The store has the head too; a disk that refuses this write must not undo what is committed.
    private void KeepHead()
    {
        try
        {
            _headFile.Write(_head);
        }
        catch (IOException e)
        {
            LogHeadNotKept(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The audit was tampered with or restored from an older copy: {Trouble}. The head as it was is kept in {Aside}")]
    private partial void LogBroken(string trouble, string aside);

    [LoggerMessage(Level = LogLevel.Error, Message = "audit.head could not be written; the audit itself is complete")]
    private partial void LogHeadNotKept(Exception exception);
}
