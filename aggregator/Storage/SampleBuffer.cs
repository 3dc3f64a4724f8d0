namespace HostAgent.Aggregator.Storage;

/// <summary>Samples of one series on their way to a reader: two flat arrays, reused from read to read. Not thread-safe.</summary>
public sealed class SampleBuffer
{
    private long[] _times;
    private double[] _values;

    /// <param name="capacity">Samples to make room for at first.</param>
    public SampleBuffer(int capacity = 256)
    {
        _times = new long[capacity];
        _values = new double[capacity];
    }

    /// <summary>Samples held.</summary>
    public int Count { get; private set; }

    /// <summary>Unix milliseconds, ascending after a read. Valid until the buffer is next changed.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    /// <summary>Values; may hold <see cref="StaleMarker"/>. Valid until the buffer is next changed.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Forgets the samples, keeps the room.</summary>
    public void Clear() => Count = 0;

    /// <summary>Drops the samples from index <paramref name="count"/> on.</summary>
    internal void Truncate(int count) => Count = count;

    /// <summary>Adds one sample at the end.</summary>
    public void Add(long timeUnixMs, double value)
    {
        if (Count == _times.Length)
        {
            Array.Resize(ref _times, Math.Max(16, Count * 2));
            Array.Resize(ref _values, _times.Length);
        }

        _times[Count] = timeUnixMs;
        _values[Count++] = value;
    }

    /// <summary>Orders the samples from index <paramref name="start"/> on by time and keeps the first added of those that share an instant.
    /// Costs one pass when they are in order already.</summary>
    public void SortAndDeduplicate(int start = 0)
    {
        bool ordered = true;
        for (int i = start + 1; i < Count && ordered; i++)
        {
            ordered = _times[i] > _times[i - 1];
        }

        if (ordered)
        {
            return;
        }

        SortStable(start);
        int kept = start;
        for (int i = start; i < Count; i++)
        {
            if (kept == start || _times[i] != _times[kept - 1])
            {
                _times[kept] = _times[i];
                _values[kept++] = _values[i];
            }
        }

        Count = kept;
    }

    private void SortStable(int start)
    {
        int length = Count - start;
        int[] order = new int[length];
        for (int i = 0; i < length; i++)
        {
            order[i] = start + i;
        }

        Array.Sort(order, (a, b) => _times[a] != _times[b] ? _times[a].CompareTo(_times[b]) : a.CompareTo(b));
        long[] times = new long[_times.Length];
        double[] values = new double[_values.Length];
        _times.AsSpan(0, start).CopyTo(times);
        _values.AsSpan(0, start).CopyTo(values);
        for (int i = 0; i < length; i++)
        {
            times[start + i] = _times[order[i]];
            values[start + i] = _values[order[i]];
        }

        (_times, _values) = (times, values);
    }
}
