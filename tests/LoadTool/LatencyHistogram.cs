namespace HostAgent.LoadTool;

/// <summary>Counts latencies in buckets that are 2 % wide. Thread-safe.</summary>
internal sealed class LatencyHistogram
{
    private const double Width = 1.02;

    private static readonly double LogWidth = Math.Log(Width);

    private readonly long[] _buckets = new long[1200];
    private long _maxMicroseconds;

    public void Add(TimeSpan latency)
    {
        long microseconds = Math.Max(1, (long)latency.TotalMicroseconds);
        int bucket = Math.Min(_buckets.Length - 1, (int)(Math.Log(microseconds) / LogWidth));
        Interlocked.Increment(ref _buckets[bucket]);
        long max;
        while (microseconds > (max = Volatile.Read(ref _maxMicroseconds)) && Interlocked.CompareExchange(ref _maxMicroseconds, microseconds, max) != max)
        {
        }
    }

    /// <summary>Milliseconds below which this share of the latencies lies; 0 when there are none.</summary>
    public double Quantile(double share)
    {
        long wanted = (long)Math.Ceiling(_buckets.Sum() * share);
        long seen = 0;
        for (int i = 0; i < _buckets.Length && wanted > 0; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
            {
                return Math.Round(Math.Exp((i + 1) * LogWidth) / 1000, 2);
            }
        }

        return 0;
    }

    public double MaxMs => Math.Round(Volatile.Read(ref _maxMicroseconds) / 1000.0, 2);

    public void Clear()
    {
        Array.Clear(_buckets);
        Volatile.Write(ref _maxMicroseconds, 0);
    }
}
