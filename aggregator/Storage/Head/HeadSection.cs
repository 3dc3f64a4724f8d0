using System.Buffers;
using HostAgent.Aggregator.Storage.Chunks;

namespace HostAgent.Aggregator.Storage.Head;

/// <summary>Some minutes of samples of one lane, in memory: columns by the lane's own series ids, instants shared by group. It corresponds to one
/// section of the journal, becomes chunks as a whole, and is then forgotten. One lane appends; readers may come from any thread.</summary>
internal sealed class HeadSection
{
    private const long OrdinaryNaN = 0x7ff8000000000001;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, GroupTicks> _groups = [];
    private ChangeLog[] _columns = [];
    private long[] _last = [];
    private int _count;
    private int _unstarted;

    /// <summary>Ticks of the group that has most.</summary>
    public int Ticks { get; private set; }

    /// <summary>Samples held.</summary>
    public long Samples { get; private set; }

    /// <summary>Announces a group; one that is known stays as it is.</summary>
    public void DefineGroup(int group, long intervalMs)
    {
        lock (_gate)
        {
            _groups.TryAdd(group, new GroupTicks(intervalMs));
        }
    }

    /// <summary>Announces the next series of the lane. <paramref name="series"/> is null for one that ended before this section.</summary>
    public void Define(SeriesEntry? series, ValueScale scale, int group)
    {
        lock (_gate)
        {
            if (_count == _columns.Length)
            {
                Array.Resize(ref _columns, Math.Max(16, _count * 2));
                Array.Resize(ref _last, _columns.Length);
            }

            _columns[_count++] = series is null ? default : new ChangeLog(series, scale, _groups[group]);
            _unstarted += series is null ? 0 : 1;
        }

        series?.AddColumn(new HeadColumn(this, _count - 1));
    }

    /// <summary>The series has no sample from its group's next tick on.</summary>
    public void End(int local)
    {
        lock (_gate)
        {
            ref ChangeLog column = ref _columns[local];
            if (column.Series is not null && column.EndTick == ChangeLog.None)
            {
                column.EndTick = column.Ticks.Count;
                _unstarted -= column.StartTick == ChangeLog.None ? 1 : 0;
            }
        }
    }

    /// <summary>Adds one instant of some groups: one sample for each of their live series.</summary>
    /// <param name="timeUnixMs">The instant.</param>
    /// <param name="groups">Groups read at this instant.</param>
    /// <param name="series">Their live series, by the lane's ids.</param>
    /// <param name="raw">Raw values by the lane's ids.</param>
    public void Append(long timeUnixMs, ReadOnlySpan<int> groups, ReadOnlySpan<int> series, ReadOnlySpan<long> raw)
    {
        lock (_gate)
        {
            foreach (int group in groups)
            {
                GroupTicks ticks = _groups[group];
                ticks.Add(timeUnixMs);
                Ticks = Math.Max(Ticks, ticks.Count);
            }

            bool mayStart = _unstarted > 0;
            long[] last = _last;
            foreach (int local in series)
            {
                long value = raw[local];
                if (value != last[local] || (mayStart && _columns[local].StartTick == ChangeLog.None))
                {
                    AppendChange(local, value);
                }
            }

            Samples += series.Length;
        }
    }

    /// <summary>Appends to <paramref name="into"/> the column's samples in the closed interval, in order of arrival.</summary>
    public void Read(int local, long fromUnixMs, long toUnixMs, SampleBuffer into)
    {
        lock (_gate)
        {
            ref ChangeLog column = ref _columns[local];
            if (column.StartTick == ChangeLog.None)
            {
                return;
            }

            GroupTicks ticks = column.Ticks;
            if (ticks.First > toUnixMs || (column.EndTick == ChangeLog.None && ticks.Last < fromUnixMs))
            {
                return;
            }

            ReadOnlySpan<long> times = Times(in column, ticks);
            long[] raw = ArrayPool<long>.Shared.Rent(times.Length);
            column.Expand(raw.AsSpan(0, times.Length));
            for (int i = 0; i < times.Length; i++)
            {
                if (times[i] >= fromUnixMs && times[i] <= toUnixMs)
                {
                    into.Add(times[i], column.Scale.ToValue(raw[i]));
                }
            }

            ArrayPool<long>.Shared.Return(raw);
            if (column.EndTick != ChangeLog.None && ticks.StaleTime(column.EndTick) is long end && end >= fromUnixMs && end <= toUnixMs)
            {
                into.Add(end, StaleMarker.Value);
            }
        }
    }

    /// <summary>The column's newest sample (by arrival); false when it has none. <see cref="StaleMarker"/> when the series has ended.</summary>
    public bool TryLatest(int local, out long timeUnixMs, out double value)
    {
        lock (_gate)
        {
            ref ChangeLog column = ref _columns[local];
            if (column.StartTick == ChangeLog.None)
            {
                (timeUnixMs, value) = (0, 0);
                return false;
            }

            GroupTicks ticks = column.Ticks;
            bool ended = column.EndTick != ChangeLog.None;
            timeUnixMs = ended ? ticks.StaleTime(column.EndTick) : ticks.Times[^1];
            value = ended ? StaleMarker.Value : column.Scale.ToValue(_last[local]);
            return true;
        }
    }

    /// <summary>The closed interval that the column's samples lie in; false when it has none.</summary>
    public bool TryBounds(int local, out long firstUnixMs, out long lastUnixMs)
    {
        lock (_gate)
        {
            ref ChangeLog column = ref _columns[local];
            GroupTicks? ticks = column.StartTick == ChangeLog.None ? null : column.Ticks;
            (firstUnixMs, lastUnixMs) = ticks is null ? (0, 0) : (ticks.First, ticks.Last);
            return ticks is not null;
        }
    }

    /// <summary>Encodes every column that has samples. The section stays readable until <see cref="Forget"/>.</summary>
    public List<SealedChunk> Seal()
    {
        lock (_gate)
        {
            var chunks = new List<SealedChunk>(_count);
            for (int local = 0; local < _count; local++)
            {
                if (_columns[local].StartTick != ChangeLog.None && _columns[local].Series is not null)
                {
                    Seal(in _columns[local], chunks);
                }
            }

            return chunks;
        }
    }

    /// <summary>Takes the section out of its series' heads, after its chunks have become durable.</summary>
    public void Forget()
    {
        for (int local = 0; local < _count; local++)
        {
            _columns[local].Series?.RemoveColumn(new HeadColumn(this, local));
        }
    }

    private static ReadOnlySpan<long> Times(in ChangeLog column, GroupTicks ticks)
        => ticks.Times[column.StartTick..(column.EndTick == ChangeLog.None ? ticks.Count : Math.Min(column.EndTick, ticks.Count))];

    private void AppendChange(int local, long value)
    {
        ref ChangeLog column = ref _columns[local];
        if (column.Scale.IsFloat && value == StaleMarker.Bits)
        {
            value = OrdinaryNaN; // an agent's NaN must not pass for the end of its series
        }

        _unstarted -= column.StartTick == ChangeLog.None ? 1 : 0;
        column.Append(column.Ticks.Count - 1, _last[local], value);
        _last[local] = value;
    }

    private static void Seal(in ChangeLog column, List<SealedChunk> chunks)
    {
        GroupTicks ticks = column.Ticks;
        ReadOnlySpan<long> values = Times(in column, ticks);
        long[] times = ArrayPool<long>.Shared.Rent(values.Length + 1);
        long[] raw = ArrayPool<long>.Shared.Rent(values.Length);
        values.CopyTo(times);
        column.Expand(raw.AsSpan(0, values.Length));
        int count = values.Length;
        if (column.EndTick != ChangeLog.None)
        {
            times[count++] = ticks.StaleTime(column.EndTick);
        }

        long first = long.MaxValue;
        long last = long.MinValue;
        foreach (long time in times.AsSpan(0, count))
        {
            first = Math.Min(first, time);
            last = Math.Max(last, time);
        }

        byte[] body = ChunkCodec.Encode(times.AsSpan(0, count), raw.AsSpan(0, values.Length), column.Scale);
        chunks.Add(new SealedChunk(column.Series!.Id, first, last, body));
        ArrayPool<long>.Shared.Return(times);
        ArrayPool<long>.Shared.Return(raw);
    }
}
