namespace HostAgent.Aggregator.Auth;

/// <summary>Token buckets by name: so many per second in the long run, and a burst at once. Thread-safe.</summary>
internal sealed class RateBuckets(double perSecond, double burst, TimeProvider time)
{
    private const int MaxTracked = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Left, long At)> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes one from the bucket.</summary>
    /// <returns>Null when there was one; otherwise how long until there is one again.</returns>
    public TimeSpan? Take(string name)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (!_buckets.TryGetValue(name, out (double Left, long At) bucket))
            {
                if (_buckets.Count >= MaxTracked)
                {
                    ForgetFull(now);
                }

                bucket = (burst, now);
            }

            double left = Math.Min(burst, bucket.Left + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
            bool taken = left >= 1;
            _buckets[name] = (taken ? left - 1 : left, now);
            return taken ? null : TimeSpan.FromSeconds((1 - left) / perSecond);
        }
    }

    // A bucket that is full again says nothing; when none is, all start anew rather than memory growing without end.
    private void ForgetFull(long now)
    {
        foreach (string name in _buckets
            .Where(bucket => bucket.Value.Left + (time.GetElapsedTime(bucket.Value.At, now).TotalSeconds * perSecond) >= burst)
            .Select(bucket => bucket.Key).ToArray())
        {
            _buckets.Remove(name);
        }

        if (_buckets.Count >= MaxTracked)
        {
            _buckets.Clear();
        }
    }
}
