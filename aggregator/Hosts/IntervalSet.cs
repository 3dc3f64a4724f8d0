namespace HostAgent.Aggregator.Hosts;

/// <summary>A set of sequence numbers, kept as disjoint closed intervals: as small as the history has gaps. Not thread-safe.</summary>
internal sealed class IntervalSet
{
    private readonly List<(ulong First, ulong Last)> _intervals = [];

    /// <summary>The intervals, ascending, neither touching nor overlapping.</summary>
    public IReadOnlyList<(ulong First, ulong Last)> Intervals => _intervals;

    /// <summary>The highest number in the set; 0 when it is empty.</summary>
    public ulong Max => _intervals.Count == 0 ? 0 : _intervals[^1].Last;

    public bool Contains(ulong value)
    {
        int at = LastStartingAtOrBelow(value);
        return at >= 0 && value <= _intervals[at].Last;
    }

    /// <summary>Adds one number; false when it was there already.</summary>
    public bool Add(ulong value)
    {
        if (_intervals.Count > 0 && _intervals[^1].Last + 1 == value)
        {
            _intervals[^1] = (_intervals[^1].First, value);
            return true;
        }

        if (Contains(value))
        {
            return false;
        }

        AddRange(value, value);
        return true;
    }

    /// <summary>Adds a closed range, whatever of it is there already.</summary>
    public void AddRange(ulong first, ulong last)
    {
        int from = LastStartingAtOrBelow(first);
        if (from < 0 || (_intervals[from].Last < first && _intervals[from].Last + 1 != first))
        {
            from++;
        }

        int to = from;
        while (to < _intervals.Count && (_intervals[to].First <= last || _intervals[to].First - 1 == last))
        {
            first = Math.Min(first, _intervals[to].First);
            last = Math.Max(last, _intervals[to].Last);
            to++;
        }

        _intervals.RemoveRange(from, to - from);
        _intervals.Insert(from, (first, last));
    }

    /// <summary>The parts of a closed range that are not in the set, ascending.</summary>
    public List<(ulong First, ulong Last)> Missing(ulong first, ulong last)
    {
        var gaps = new List<(ulong, ulong)>();
        for (int i = Math.Max(0, LastStartingAtOrBelow(first)); i < _intervals.Count && first <= last; i++)
        {
            (ulong start, ulong end) = _intervals[i];
            if (start > last)
            {
                break;
            }

            if (start > first)
            {
                gaps.Add((first, start - 1));
            }

            if (end == ulong.MaxValue)
            {
                return gaps;
            }

            first = Math.Max(first, end + 1);
        }

        if (first <= last)
        {
            gaps.Add((first, last));
        }

        return gaps;
    }

    private int LastStartingAtOrBelow(ulong value)
    {
        int low = 0;
        int high = _intervals.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _intervals[middle].First <= value ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
