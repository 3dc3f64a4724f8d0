using HostAgent.Aggregator.Ingest.Journal;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Chunks;

namespace HostAgent.Aggregator.Check;

/// <summary>Reads every byte of a store that stands still: the backend's own check, each chunk and journal row against its checksum, and whether
/// the account counts a frame twice. Works on any backend; changes nothing that is stored.</summary>
internal static class StoreCheck
{
    /// <summary>Checks. Damage is a finding, never an exception.</summary>
    /// <exception cref="StorageException">The store cannot be opened for a reason that is no damage (in use, no permission).</exception>
    public static StoreReport Run(IStorageBackend backend, CancellationToken cancellation)
    {
        var report = new StoreReport { Store = backend.Description, Bytes = backend.SizeBytes };
        StorageSnapshot snapshot;
        try
        {
            snapshot = backend.Open();
        }
        catch (StorageException e) when (!e.IsTransient)
        {
            report.Found(e.Message);
            return report;
        }

        (report.Hosts, report.Series) = (snapshot.Hosts.Count, snapshot.Series.Count);
        Try(report, () =>
        {
            foreach (string finding in backend.Check(cancellation))
            {
                report.Found(finding);
            }
        });
        Account(report, snapshot.Account);
        Try(report, () => Journal(report, backend));
        var chunks = new List<StoredChunk>();
        var samples = new SampleBuffer();
        foreach (SeriesRecord series in snapshot.Series)
        {
            cancellation.ThrowIfCancellationRequested();
            Try(report, () => Chunks(report, backend, series, chunks, samples));
        }

        return report;
    }

    private static void Try(StoreReport report, Action step)
    {
        try
        {
            step();
        }
        catch (StorageException e)
        {
            report.Found(e.Message);
        }
    }

    private static void Account(StoreReport report, IReadOnlyList<AccountRecord> account)
    {
        AccountRecord? before = null;
        foreach (AccountRecord row in account.OrderBy(static r => r.HostId, StringComparer.Ordinal).ThenBy(static r => r.Epoch).ThenBy(static r => r.FirstSequence))
        {
            if (row.LastSequence < row.FirstSequence)
            {
                report.Found($"account of host {row.HostId}, epoch {row.Epoch}: a row ends before it begins, at frame {row.FirstSequence}");
            }

            if (before is not null && (before.HostId, before.Epoch) == (row.HostId, row.Epoch) && before.LastSequence >= row.FirstSequence)
            {
                report.Found($"account of host {row.HostId}, epoch {row.Epoch}: frame {row.FirstSequence} is counted twice");
            }

            before = row;
        }
    }

    private static void Journal(StoreReport report, IStorageBackend backend)
    {
        foreach (JournalRow row in backend.ReadJournal())
        {
            report.JournalRows++;
            if (JournalRowReader.TryRead(row.Body.Span, out string? error) is null)
            {
                report.Found($"journal row {row.Id}: {error}; what it holds is lost");
            }
        }
    }

    private static void Chunks(StoreReport report, IStorageBackend backend, SeriesRecord series, List<StoredChunk> chunks, SampleBuffer samples)
    {
        chunks.Clear();
        backend.ReadChunks(series.Id, long.MinValue, long.MaxValue, chunks);
        foreach (StoredChunk chunk in chunks)
        {
            report.Chunks++;
            samples.Clear();
            if (!ChunkCodec.TryDecode(chunk.Body, long.MinValue, long.MaxValue, samples, out string? error))
            {
                report.Found($"{Name(series, chunk)}: {error}; its samples are lost");
                continue;
            }

            report.Samples += samples.Count;
            (long first, long last) = (long.MaxValue, long.MinValue);
            foreach (long time in samples.Times)
            {
                (first, last) = (Math.Min(first, time), Math.Max(last, time));
            }

            if ((first, last) != (chunk.StartUnixMs, chunk.EndUnixMs))
            {
                report.Found($"{Name(series, chunk)}: its samples span {first} to {last} instead; some queries will not find them");
            }
        }
    }

    private static string Name(SeriesRecord series, StoredChunk chunk)
        => $"chunk {chunk.StartUnixMs} to {chunk.EndUnixMs} (unix ms) of {series.Metric}, series {series.Id.Value} of host {series.HostId}";
}
