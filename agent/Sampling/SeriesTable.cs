namespace HostAgent.Agent.Sampling;

/// <summary>The live series and their current raw 64-bit values: written by samplers, read by the consumer of the tick on the same
/// thread. Not thread-safe, and nothing here allocates unless series come or go.</summary>
/// <remarks>A reader keeps up with three comparisons: <see cref="Generation"/> has changed: forget everything (ids start again at 0);
/// <see cref="Count"/> has grown: the ids from the old count on are new; <see cref="EndedIds"/> is longer than at the last
/// look: the ids past the old length have ended since. While <see cref="Version"/> is the same, none of these has changed.</remarks>
public sealed class SeriesTable
{
    private readonly List<SeriesGroup> _groups = [];
    private long[] _raw = new long[512];
    private Series[] _series = new Series[512];
    private int[] _ended = new int[64];
    private int _endedCount;

    /// <summary>Number of series ever added in this generation, ended ones included: ids run from 0 to <c>Count - 1</c>.</summary>
    public int Count { get; private set; }

    /// <summary>Number of series that have not ended.</summary>
    public int LiveCount => Count - _endedCount;

    /// <summary>Current raw value by id; the bits of a double where the metric says so. An ended series keeps its last value.</summary>
    public ReadOnlySpan<long> Raw => _raw.AsSpan(0, Count);

    /// <summary>Ids in the order in which they ended; it only grows within a generation.</summary>
    public ReadOnlySpan<int> EndedIds => _ended.AsSpan(0, _endedCount);

    /// <summary>All groups by id.</summary>
    public IReadOnlyList<SeriesGroup> Groups => _groups;

    /// <summary>Grows with every group or series that comes or ends: unchanged means that there is nothing to announce.</summary>
    public long Version { get; private set; }

    /// <summary>Grows when <see cref="Clear"/> has forgotten all series: announce everything again.</summary>
    public int Generation { get; private set; }

    /// <summary>The definition of a series.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No series has this id.</exception>
    public Series this[int id]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)Count, nameof(id));
            return _series[id];
        }
    }

    /// <summary>Adds a group and returns its id.</summary>
    public int AddGroup(string name, TimeSpan interval)
    {
        _groups.Add(new SeriesGroup(_groups.Count, name, interval));
        Version++;
        return _groups.Count - 1;
    }

    /// <summary>Changes a group's planned interval and starts a new generation, so that readers learn of it with everything else. Only the scheduler calls
    /// it, between two ticks.</summary>
    internal void SetInterval(int group, TimeSpan interval)
    {
        _groups[group] = _groups[group] with { Interval = interval };
        Clear();
    }

    /// <summary>Adds a series with value 0 and returns its dense id, which is not used again within this generation.</summary>
    public int Add(int group, Metric metric, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)group, (uint)_groups.Count, nameof(group));
        int id = Count;
        if (id == _raw.Length)
        {
            Array.Resize(ref _raw, id * 2);
            Array.Resize(ref _series, id * 2);
        }

        _raw[id] = 0;
        _series[id] = new Series(id, group, metric, labels.ToArray());
        Count++;
        Version++;
        return id;
    }

    /// <summary>Sets the current raw value of a series: one store.</summary>
    public void Set(int id, long raw) => _raw[id] = raw;

    /// <summary>Sets the current value of a series whose metric is a float.</summary>
    public void SetFloat(int id, double value) => _raw[id] = BitConverter.DoubleToInt64Bits(value);

    /// <summary>The series is gone; ending it twice is harmless.</summary>
    public void End(int id)
    {
        Series series = this[id];
        if (series.Ended)
        {
            return;
        }

        series.Ended = true;
        if (_endedCount == _ended.Length)
        {
            Array.Resize(ref _ended, _endedCount * 2);
        }

        _ended[_endedCount++] = id;
        Version++;
    }

    /// <summary>Forgets all series (the groups stay) and starts a new generation: what bounds the table on a host where
    /// devices come and go all day. Only the scheduler calls it, between two ticks.</summary>
    internal void Clear()
    {
        Array.Clear(_series, 0, Count);
        Count = 0;
        _endedCount = 0;
        Generation++;
        Version++;
    }
}
