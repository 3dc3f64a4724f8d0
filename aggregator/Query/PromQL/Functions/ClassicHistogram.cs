namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>A histogram made of cumulative buckets, at one step.</summary>
internal sealed class ClassicHistogram
{
    // Counts of neighbouring buckets that differ by less are equal: sums of rates carry rounding errors.
    private const double Tolerance = 1e-12;
    private const double SmallestNormal = 2.2250738585072014e-308;

    private readonly List<(double UpperBound, double Count)> _buckets = [];

    /// <summary>Whether no bucket was added.</summary>
    public bool IsEmpty => _buckets.Count == 0;

    /// <summary>Starts over.</summary>
    public void Clear() => _buckets.Clear();

    /// <summary>Adds a bucket, in any order; equal bounds are summed up.</summary>
    public void Add(double upperBound, double count) => _buckets.Add((upperBound, count));

    /// <summary>The value below which the share <paramref name="q"/> of the observations lies, interpolated inside its bucket.</summary>
    public double Quantile(double q)
    {
        if (double.IsNaN(q) || q is < 0 or > 1)
        {
            return double.IsNaN(q) ? double.NaN : q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        if (!TrySort())
        {
            return double.NaN;
        }

        ForceMonotonic();
        double observations = _buckets[^1].Count;
        if (_buckets.Count < 2 || observations == 0)
        {
            return double.NaN;
        }

        double rank = q * observations;
        int last = _buckets.Count - 1;
        int at = 0;
        for (int high = last; at < high;)
        {
            int middle = (at + high) / 2;
            (at, high) = _buckets[middle].Count >= rank ? (at, middle) : (middle + 1, high);
        }

        if (at == last)
        {
            return _buckets[last - 1].UpperBound;
        }

        if (at == 0 && _buckets[0].UpperBound <= 0)
        {
            return _buckets[0].UpperBound;
        }

        (double lower, double before) = at > 0 ? _buckets[at - 1] : (0, 0);
        return lower + ((_buckets[at].UpperBound - lower) * ((rank - before) / (_buckets[at].Count - before)));
    }

    /// <summary>The share of observations between two values.</summary>
    public double Fraction(double lower, double upper)
    {
        if (!TrySort() || !(_buckets[^1].Count != 0) || double.IsNaN(lower) || double.IsNaN(upper))
        {
            return double.NaN;
        }

        return lower >= upper ? 0 : (RankOf(upper) - RankOf(lower)) / _buckets[^1].Count;
    }

    // How many observations lie below the value.
    private double RankOf(double value)
    {
        double lowerBound = _buckets[0].UpperBound <= 0 ? double.NegativeInfinity : 0;
        double rank = 0;
        foreach ((double upperBound, double count) in _buckets)
        {
            if (lowerBound >= value)
            {
                return rank;
            }

            if (upperBound > value)
            {
                return double.IsNegativeInfinity(lowerBound) ? count : rank + ((count - rank) * (value - lowerBound) / (upperBound - lowerBound));
            }

            (lowerBound, rank) = (upperBound, count);
        }

        return _buckets[^1].Count;
    }

    // False when the bucket of everything is missing: then nobody knows how much there is.
    private bool TrySort()
    {
        _buckets.Sort(static (a, b) => a.UpperBound.CompareTo(b.UpperBound));
        if (_buckets.Count == 0 || !double.IsPositiveInfinity(_buckets[^1].UpperBound))
        {
            return false;
        }

        int kept = 0;
        for (int i = 1; i < _buckets.Count; i++)
        {
            if (_buckets[i].UpperBound == _buckets[kept].UpperBound)
            {
                _buckets[kept] = (_buckets[kept].UpperBound, _buckets[kept].Count + _buckets[i].Count);
            }
            else
            {
                _buckets[++kept] = _buckets[i];
            }
        }

        _buckets.RemoveRange(kept + 1, _buckets.Count - kept - 1);
        return true;
    }

    // Buckets scraped at different instants, or rounded, can fall: then the lower one is right.
    private void ForceMonotonic()
    {
        double before = _buckets[0].Count;
        for (int i = 1; i < _buckets.Count; i++)
        {
            (double upperBound, double count) = _buckets[i];
            if (count < before || AlmostEqual(before, count))
            {
                _buckets[i] = (upperBound, before);
            }
            else
            {
                before = count;
            }
        }
    }

    private static bool AlmostEqual(double a, double b)
    {
        if (a == b || (double.IsNaN(a) && double.IsNaN(b)))
        {
            return true;
        }

        double sum = Math.Abs(a) + Math.Abs(b);
        double difference = Math.Abs(a - b);
        return a == 0 || b == 0 || sum < SmallestNormal
            ? difference < Tolerance * SmallestNormal
            : difference / Math.Min(sum, double.MaxValue) < Tolerance;
    }
}
