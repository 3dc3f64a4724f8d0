using System.Buffers;
using Google.Protobuf;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Head;
using HostAgent.Protos.Frames;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>What a lane has announced: the resolve stage. The same code serves a live call and the replay of the journal. Not thread-safe.</summary>
internal sealed class LaneTables(SampleStore store, HostEntry host, Hello hello, AnnouncementRules rules, IngestOptions options)
{
    private readonly Dictionary<uint, MetricDef> _metrics = [];
    private readonly SortedDictionary<uint, GroupDef> _groups = [];
    private readonly List<LaneSeries> _series = [];

    /// <summary>Reads frame bodies against the announcements.</summary>
    public FrameDecoder Decoder { get; } = new(new FrameTable(options.MaxSeriesIdsPerStream));

    /// <summary>True when nothing is announced.</summary>
    public bool IsEmpty => _metrics.Count == 0 && _groups.Count == 0 && _series.Count == 0;

    /// <summary>Takes over a batch's announcements, and announces them to the head's section.</summary>
    /// <exception cref="RefusalException">One breaks a rule or a limit; the lane cannot go on.</exception>
    /// <exception cref="FrameFormatException">Ids are not dense, or name what was not announced.</exception>
    public void Announce(Batch batch, HeadSection section, long nowUnixMs)
    {
        foreach (MetricDef metric in batch.Metrics)
        {
            Add(metric);
        }

        foreach (GroupDef group in batch.Groups)
        {
            Decoder.Table.DefineGroup((int)Math.Min(group.Id, int.MaxValue));
            _groups[group.Id] = group;
            section.DefineGroup((int)group.Id, group.IntervalMs);
        }

        foreach (SeriesDef series in batch.Series)
        {
            Add(series, section, nowUnixMs);
        }

        foreach (uint ended in batch.EndedSeries)
        {
            int local = (int)Math.Min(ended, int.MaxValue);
            Decoder.Table.End(local);
            section.End(local);
            Release(local);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        for (int local = 0; local < _series.Count; local++)
        {
            Release(local);
        }

        _series.Clear();
        _metrics.Clear();
        _groups.Clear();
        Decoder.Table.Reset();
    }

    /// <summary>Announces all that is in force to a new section of the head.</summary>
    public void DefineIn(HeadSection section)
    {
        foreach (GroupDef group in _groups.Values)
        {
            section.DefineGroup((int)group.Id, group.IntervalMs);
        }

        foreach (LaneSeries series in _series)
        {
            section.Define(series.Entry, series.Scale, (int)series.Said.Group);
        }
    }

    /// <summary>A batch from which a reader that knows nothing can go on: reset, the announcements in force, and the last raw values as a frame with
    /// sequence 0.</summary>
    public Batch Baseline(ulong epoch)
    {
        var batch = new Batch { Epoch = epoch, Reset = true };
        batch.Metrics.AddRange(_metrics.Values);
        batch.Groups.AddRange(_groups.Values);
        batch.Series.AddRange(_series.Select(static s => s.Said));
        for (int local = 0; local < _series.Count; local++)
        {
            if (_series[local].Entry is null)
            {
                batch.EndedSeries.Add((uint)local);
            }
        }

        if (_groups.Count > 0)
        {
            batch.Entries.Add(new Entry { Frame = new Frame { Body = LastValues() } });
        }

        return batch;
    }

    private ByteString LastValues()
    {
        var table = new FrameTable(options.MaxSeriesIdsPerStream);
        foreach (uint group in _groups.Keys)
        {
            table.DefineGroup((int)group);
        }

        for (int local = 0; local < _series.Count; local++)
        {
            table.Define(local, (int)_series[local].Said.Group, _series[local].Scale.IsFloat);
            if (_series[local].Entry is null)
            {
                table.End(local);
            }
        }

        var body = new ArrayBufferWriter<byte>();
        new FrameEncoder(table).Encode(Decoder.Table.Raw, [.. _groups.Keys.Select(static g => (int)g)], full: true, body);
        return ByteString.CopyFrom(body.WrittenSpan);
    }

    private void Add(MetricDef metric)
    {
        rules.Check(metric);
        if (_metrics.Count >= options.MaxMetricsPerStream)
        {
            throw RefusalException.OverLimit("metric_count", $"more than {options.MaxMetricsPerStream} metrics were announced");
        }

        if (!_metrics.TryAdd(metric.Id, metric) && !_metrics[metric.Id].Equals(metric))
        {
            throw RefusalException.Invalid("metric_id", $"metric id {metric.Id} ({metric.Name}) was announced as {_metrics[metric.Id].Name} before");
        }

        store.Announce(new MetricMetadata(metric.Name, metric.Type, metric.Help));
    }

    private void Add(SeriesDef series, HeadSection section, long nowUnixMs)
    {
        if (!_metrics.TryGetValue(series.Metric, out MetricDef? metric))
        {
            throw RefusalException.Invalid("metric_id", $"series {series.Id} is of metric {series.Metric}, which was not announced");
        }

        if (host.SeriesCount >= options.MaxSeriesPerHost)
        {
            throw RefusalException.OverLimit("series_count", $"the host has {host.SeriesCount} series, the limit is {options.MaxSeriesPerHost}");
        }

        LabelSet labels = rules.Labels(series.Labels, hello, metric.Name);
        Decoder.Table.Define((int)Math.Min(series.Id, int.MaxValue), (int)Math.Min(series.Group, int.MaxValue), metric.IsFloat);
        SeriesEntry entry = store.Series.Acquire(hello.HostId, metric.Name, labels, out bool isNew);
        var scale = new ValueScale(Math.Max(1, metric.Multiplier), Math.Max(1, metric.Divisor), metric.IsFloat);
        _series.Add(new LaneSeries(series, entry, scale));
        host.AddSeries(1);
        section.Define(entry, scale, (int)series.Group);
        if (isNew && !host.MayBringIn(nowUnixMs, options.MaxNewSeriesPerHostHour))
        {
            throw RefusalException.OverLimit("series_churn", $"the host brought more than {options.MaxNewSeriesPerHostHour} new series into being within an hour");
        }
    }

    private void Release(int local)
    {
        LaneSeries series = _series[local];
        if (series.Entry is { } entry)
        {
            store.Series.Release(entry);
            host.AddSeries(-1);
            _series[local] = series with { Entry = null };
        }
    }
}
