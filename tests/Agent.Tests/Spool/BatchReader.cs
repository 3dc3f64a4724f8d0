using System.Globalization;
using HostAgent.Protos.Frames;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Spool;

/// <summary>Reads the batches of one call or segment as an aggregator does, into names and raw values.</summary>
internal sealed class BatchReader
{
    private readonly FrameTable _table = new();
    private readonly Dictionary<uint, string> _metrics = [];
    private readonly List<string> _series = [];
    private FrameDecoder? _decoder;

    /// <summary>The frames of a batch by sequence.</summary>
    public List<(ulong Sequence, long TimeUnixMs, SortedDictionary<string, long> Samples, bool IsFull)> Read(Batch batch)
    {
        Announce(batch);
        var frames = new List<(ulong, long, SortedDictionary<string, long>, bool)>();
        foreach (var frame in batch.Entries.Where(entry => entry.KindCase == Entry.KindOneofCase.Frame).Select(entry => entry.Frame))
        {
            var samples = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var decoded = (_decoder ??= new FrameDecoder(_table)).Decode(frame.Body.Span);
            foreach (var (series, raw) in decoded)
            {
                samples.Add(_series[series], raw);
            }

            frames.Add((frame.Sequence, frame.TimeUnixMs, samples, decoded.IsFull));
        }

        return frames;
    }

    private void Announce(Batch batch)
    {
        if (batch.Reset)
        {
            _table.Reset();
            _metrics.Clear();
            _series.Clear();
        }

        foreach (var metric in batch.Metrics)
        {
            _metrics[metric.Id] = metric.Name;
        }

        foreach (var group in batch.Groups)
        {
            _table.DefineGroup((int)group.Id);
        }

        foreach (var series in batch.Series)
        {
            _table.Define((int)series.Id, (int)series.Group, _metrics[series.Metric].EndsWith("ratio", StringComparison.Ordinal));
            _series.Add(string.Create(CultureInfo.InvariantCulture,
                $"{_metrics[series.Metric]}{{{string.Join(',', series.Labels.Select(label => $"{label.Name}={label.Value}"))}}} of {series.Group}"));
        }

        foreach (var series in batch.EndedSeries)
        {
            _table.End((int)series);
        }
    }
}
