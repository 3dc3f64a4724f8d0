namespace HostAgent.Aggregator.Storage.Head;

/// <summary>The instants at which one group of series was read, shared by all its columns.</summary>
internal sealed class GroupTicks(long intervalMs)
{
    private long[] _times = new long[16];

    /// <summary>The group's planned interval, in milliseconds.</summary>
    public long IntervalMs { get; } = intervalMs;

    /// <summary>Instants so far.</summary>
    public int Count { get; private set; }

    /// <summary>Unix milliseconds, in order of arrival.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    /// <summary>Earliest of them; <see cref="long.MaxValue"/> when there is none.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>Latest of them; <see cref="long.MinValue"/> when there is none.</summary>
    public long Last { get; private set; } = long.MinValue;

    public void Add(long timeUnixMs)
    {
        if (Count == _times.Length)
        {
            Array.Resize(ref _times, Count * 2);
        }

        _times[Count++] = timeUnixMs;
        First = Math.Min(First, timeUnixMs);
        Last = Math.Max(Last, timeUnixMs);
    }

    /// <summary>When a series that ended at tick <paramref name="endTick"/> is first missing: at that tick, or one interval after the last
    /// when it has not come.</summary>
    public long StaleTime(int endTick) => endTick < Count ? _times[endTick] : _times[Count - 1] + Math.Max(IntervalMs, 1);
}
