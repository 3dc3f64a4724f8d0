using HostAgent.Aggregator.Storage.Head;

namespace HostAgent.Aggregator.Storage;

/// <summary>One series in memory: its definition, where the head holds samples of it, and what its chunks span. Thread-safe.</summary>
internal sealed class SeriesEntry(SeriesRecord record)
{
    private readonly Lock _gate = new();
    private HeadColumn[] _columns = [];
    private long _firstUnixMs = record.FirstUnixMs;
    private long _lastUnixMs = record.LastUnixMs;
    private long _latestUnixMs = long.MinValue;
    private double _latest;

    public SeriesId Id { get; } = record.Id;

    public string HostId { get; } = record.HostId;

    public string Metric { get; } = record.Metric;

    public LabelSet Labels { get; } = record.Labels;

    /// <summary>Where the head holds samples, oldest section first. A section stays in the list until its chunks are durable.</summary>
    public HeadColumn[] Columns
    {
        get
        {
            lock (_gate)
            {
                return _columns;
            }
        }
    }

    /// <summary>Lanes that may add columns; a series in use is not forgotten by retention. Guarded by the registry.</summary>
    public int Users { get; set; }

    public void AddColumn(HeadColumn column)
    {
        lock (_gate)
        {
            _columns = [.. _columns, column];
        }
    }

    /// <summary>The column's samples are durable chunks now.</summary>
    public void RemoveColumn(HeadColumn column)
    {
        bool hasBounds = column.Section.TryBounds(column.Local, out long first, out long last);
        bool hasLatest = column.Section.TryLatest(column.Local, out long time, out double value);
        lock (_gate)
        {
            _columns = Array.FindAll(_columns, c => c != column);
            if (hasBounds)
            {
                (_firstUnixMs, _lastUnixMs) = (Math.Min(_firstUnixMs, first), Math.Max(_lastUnixMs, last));
            }

            if (hasLatest && time >= _latestUnixMs)
            {
                (_latestUnixMs, _latest) = (time, value);
            }
        }
    }

    /// <summary>Remembers the newest sample that chunks hold.</summary>
    public void SetLatest(long timeUnixMs, double value)
    {
        lock (_gate)
        {
            if (timeUnixMs >= _latestUnixMs)
            {
                (_latestUnixMs, _latest) = (timeUnixMs, value);
            }
        }
    }

    /// <summary>The newest sample in the head or remembered from it; false when only chunks (if anything) can tell.</summary>
    public bool TryLatest(out long timeUnixMs, out double value)
    {
        HeadColumn[] columns;
        lock (_gate)
        {
            columns = _columns;
            (timeUnixMs, value) = (_latestUnixMs, _latest);
        }

        foreach (HeadColumn column in columns)
        {
            if (column.Section.TryLatest(column.Local, out long time, out double candidate) && time >= timeUnixMs)
            {
                (timeUnixMs, value) = (time, candidate);
            }
        }

        return timeUnixMs != long.MinValue;
    }

    /// <summary>The closed interval that may hold samples; first above last when there are none.</summary>
    public (long First, long Last) Bounds()
    {
        HeadColumn[] columns;
        (long First, long Last) bounds;
        lock (_gate)
        {
            columns = _columns;
            bounds = (_firstUnixMs, _lastUnixMs);
        }

        foreach (HeadColumn column in columns)
        {
            if (column.Section.TryBounds(column.Local, out long first, out long last))
            {
                bounds = (Math.Min(bounds.First, first), Math.Max(bounds.Last, last));
            }
        }

        return bounds;
    }
}
