using System.Buffers;
using Google.Protobuf;
using HostAgent.Agent.Sampling;
using HostAgent.Protos.Frames;
using HostAgent.V1;
using WireMetricType = HostAgent.V1.MetricType;

namespace HostAgent.Agent.Spool;

/// <summary>
/// Turns kept frames into batches of one call or one segment: announces what the reader has not heard of, then writes only what changed
/// since the last frame written here. Ids on the wire are dense over what was alive, so the dead cost a new call nothing.
/// The batches are reused: they are valid until the next <see cref="Write"/>. Not thread-safe.
/// </summary>
/// <param name="epoch">Of the frames.</param>
/// <param name="fullInterval">A frame is written full when the last full one of this writer is older, by the frames' own time;
/// <see cref="Timeout.InfiniteTimeSpan"/>: never.</param>
internal sealed class BatchWriter(ulong epoch, TimeSpan fullInterval)
{
    /// <summary>Series announced in one batch, so that a batch stays far below the message limit.</summary>
    private const int SeriesPerBatch = 2_000;

    private readonly FrameTable _table = new(int.MaxValue);
    private readonly Dictionary<Metric, uint> _metrics = [];
    private readonly ArrayBufferWriter<byte> _body = new(4096);
    private readonly List<Batch> _batches = [];
    private readonly Batch _steady = new();
    private readonly Entry _entry = new() { Frame = new Frame() };
    private FrameEncoder? _encoder;
    private SeriesLedger? _ledger;
    private LedgerCursor _cursor;
    private int[] _wireIds = [];
    private long _fullUnixMs = long.MinValue;

    /// <summary>The batches that carry one frame; nearly always one.</summary>
    public IReadOnlyList<Batch> Write(KeptFrame frame)
    {
        _batches.Clear();
        var last = Announce(frame);
        var full = IsFullDue(frame.TimeUnixMs);
        _body.ResetWrittenCount();
        (_encoder ??= new FrameEncoder(_table)).EncodeSelected(frame.Values, frame.Groups, full, _body);
        _entry.Frame.Sequence = frame.Sequence;
        _entry.Frame.TimeUnixMs = frame.TimeUnixMs;
        _entry.Frame.Body = UnsafeByteOperations.UnsafeWrap(_body.WrittenMemory);
        last.Entries.Add(_entry);
        return _batches;
    }

    private bool IsFullDue(long timeUnixMs)
    {
        if (fullInterval == Timeout.InfiniteTimeSpan)
        {
            return false;
        }

        if (_fullUnixMs == long.MinValue)
        {
            // The first frame after the announcements tells everything anyway.
            _fullUnixMs = timeUnixMs;
            return false;
        }

        // A clock that was set back counts as due: better one frame too many than hours without.
        var sinceMs = timeUnixMs - _fullUnixMs;
        if (sinceMs >= 0 && sinceMs < fullInterval.TotalMilliseconds)
        {
            return false;
        }

        _fullUnixMs = timeUnixMs;
        return true;
    }

    /// <summary>Announces what is new for the frame and returns the batch that the frame itself belongs into.</summary>
    private Batch Announce(KeptFrame frame)
    {
        var batch = _steady;
        batch.Reset = false;
        batch.Epoch = epoch;
        batch.Metrics.Clear();
        batch.Groups.Clear();
        batch.Series.Clear();
        batch.EndedSeries.Clear();
        batch.Entries.Clear();
        if (_ledger != frame.Ledger)
        {
            batch.Reset = true;
            _ledger = frame.Ledger;
            _cursor = default;
            _metrics.Clear();
            _table.Reset();
        }

        if (_cursor != frame.Cursor)
        {
            batch = AnnounceChanges(batch, frame.Ledger, frame.Cursor);
            _cursor = frame.Cursor;
        }

        _batches.Add(batch);
        return batch;
    }

    private Batch AnnounceChanges(Batch batch, SeriesLedger ledger, LedgerCursor to)
    {
        var gone = new HashSet<int>();
        for (var i = _cursor.Ended; i < to.Ended; i++)
        {
            var id = ledger.Ended(i);
            if (id >= _cursor.Series)
            {
                gone.Add(id); // came and went between two frames: never mentioned
            }
            else if (_wireIds[id] >= 0)
            {
                _table.End(_wireIds[id]);
                batch.EndedSeries.Add((uint)_wireIds[id]);
            }
        }

        for (var i = _cursor.Groups; i < to.Groups; i++)
        {
            var group = ledger.Group(i);
            _table.DefineGroup(group.Id);
            batch.Groups.Add(new GroupDef { Id = (uint)group.Id, Name = group.Name, IntervalMs = (uint)group.Interval.TotalMilliseconds });
        }

        if (_wireIds.Length < to.Series)
        {
            Array.Resize(ref _wireIds, Math.Max(to.Series, Math.Min(2 * _wireIds.Length, Array.MaxLength)));
        }

        for (var id = _cursor.Series; id < to.Series; id++)
        {
            if (gone.Contains(id))
            {
                _wireIds[id] = -1;
                continue;
            }

            if (batch.Series.Count == SeriesPerBatch)
            {
                _batches.Add(batch == _steady ? batch.Clone() : batch);
                batch = new Batch { Epoch = epoch };
            }

            AnnounceSeries(batch, id, ledger.Series(id));
        }

        return batch;
    }

    private void AnnounceSeries(Batch batch, int id, Series series)
    {
        if (!_metrics.TryGetValue(series.Metric, out var metric))
        {
            metric = (uint)_metrics.Count;
            _metrics.Add(series.Metric, metric);
            batch.Metrics.Add(new MetricDef
            {
                Id = metric,
                Name = series.Metric.Name,
                Help = series.Metric.Help,
                Type = (WireMetricType)series.Metric.Type,
                Multiplier = series.Metric.Multiplier,
                Divisor = series.Metric.Divisor,
                IsFloat = series.Metric.IsFloat,
            });
        }

        var wire = _table.Count;
        _wireIds[id] = wire;
        _table.Define(wire, series.Group, series.Metric.IsFloat);
        var definition = new SeriesDef { Id = (uint)wire, Metric = metric, Group = (uint)series.Group };
        foreach (var (name, value) in series.Labels)
        {
            definition.Labels.Add(new Label { Name = name, Value = value });
        }

        batch.Series.Add(definition);
    }
}
