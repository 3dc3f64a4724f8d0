using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest.Journal;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Head;
using HostAgent.Protos.Frames;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>Rebuilds the head from the journal at the start: the sections that were open when the program ended, however it ended.</summary>
internal sealed class JournalReplay(IngestPipeline pipeline, HostDirectory hosts, AnnouncementRules rules)
{
    private readonly Dictionary<long, Replayed> _sections = [];
    private readonly HashSet<long> _sealed = [];

    /// <summary>Rows read.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that could not be read, and sections that could not be continued for it.</summary>
    public int Damaged { get; private set; }

    /// <summary>Samples put back into the head.</summary>
    public long Samples { get; private set; }

    /// <summary>Replays the journal. Returns the sections it found open; they take no more samples.</summary>
    public List<(HostEntry Host, LaneSection Section)> Run()
    {
        long lastSection = 0;
        long lastRow = 0;
        foreach (JournalRow row in pipeline.Store.Backend.ReadJournal())
        {
            foreach (JournalRecord record in Records(row, report: false))
            {
                lastSection = Math.Max(lastSection, record.Section);
                if (record.Kind == JournalRecordKind.Sealed)
                {
                    _sealed.Add(record.Section);
                }
            }
        }

        foreach (JournalRow row in pipeline.Store.Backend.ReadJournal())
        {
            Rows++;
            lastRow = row.Id;
            foreach (JournalRecord record in Records(row, report: true))
            {
                Apply(row.Id, record);
            }
        }

        pipeline.Queue.StartAfter(lastRow, lastSection);
        foreach (Replayed replayed in _sections.Values)
        {
            replayed.Tables.Reset();
        }

        return [.. _sections.Values.Select(static r => (r.Host, r.Section))];
    }

    private List<JournalRecord> Records(JournalRow row, bool report)
    {
        if (JournalRowReader.TryRead(row.Body.Span, out string? error) is { } records)
        {
            return records;
        }

        if (report)
        {
            Damaged++;
            IngestLog.DamagedRow(pipeline.Log, row.Id, error!);
        }

        return [];
    }

    private void Apply(long row, JournalRecord record)
    {
        if (_sealed.Contains(record.Section))
        {
            return;
        }

        try
        {
            if (record.Kind == JournalRecordKind.Open)
            {
                Open(row, record);
            }
            else if (_sections.TryGetValue(record.Section, out Replayed? replayed) && !replayed.IsBroken)
            {
                replayed.IsBroken = true; // unless it goes well
                Replay(replayed, record);
                replayed.IsBroken = false;
            }
        }
        catch (Exception e) when (e is FrameFormatException or RefusalException)
        {
            Damaged++;
            IngestLog.DamagedRow(pipeline.Log, row, $"section {record.Section}: {e.Message}");
        }
    }

    private void Open(long row, JournalRecord record)
    {
        Hello hello = record.Hello!;
        HostEntry host = hosts.GetOrAdd(pipeline.HostRecordOf(hello, rules.HostLabels(hello)));
        var tables = new LaneTables(pipeline.Store, host, hello, rules, pipeline.Options);
        var section = new LaneSection(record.Section, new HeadSection(), host.OpenRuns(), pipeline.NowUnixMs, int.MaxValue);
        tables.Announce(record.Batch!, section.Head, pipeline.NowUnixMs);
        foreach (Entry baseline in record.Batch!.Entries)
        {
            tables.Decoder.Decode(baseline.Frame.Body.Span);
        }

        _sections[record.Section] = new Replayed(host, tables, section);
        pipeline.Queue.Track(record.Section, row);
    }

    private void Replay(Replayed replayed, JournalRecord record)
    {
        Batch batch = record.Batch!;
        replayed.Tables.Announce(batch, replayed.Section.Head, pipeline.NowUnixMs);
        int next = 0;
        foreach ((int count, FrameOutcome outcome) in record.Runs)
        {
            for (int end = Math.Min(next + count, batch.Entries.Count); next < end; next++)
            {
                Replay(replayed, batch.Epoch, batch.Entries[next], outcome);
            }
        }
    }

    private void Replay(Replayed replayed, ulong epoch, Entry entry, FrameOutcome outcome)
    {
        if (entry.KindCase == Entry.KindOneofCase.Loss)
        {
            replayed.Host.AcceptLoss(replayed.Section.Runs, FrameJudge.Judge(epoch, entry.Loss));
            return;
        }

        Frame frame = entry.Frame;
        DecodedFrame decoded = replayed.Tables.Decoder.Decode(frame.Body.Span);
        if (outcome == 0)
        {
            return;
        }

        replayed.Host.Replay(replayed.Section.Runs, epoch, outcome, frame.Sequence, frame.TimeUnixMs, decoded.Count);
        if (outcome != FrameOutcome.Refused)
        {
            replayed.Section.Head.Append(frame.TimeUnixMs, decoded.Groups, decoded.Series, decoded.Raw);
            Samples += decoded.Count;
        }
    }

    private sealed record Replayed(HostEntry Host, LaneTables Tables, LaneSection Section)
    {
        public bool IsBroken { get; set; }
    }
}
