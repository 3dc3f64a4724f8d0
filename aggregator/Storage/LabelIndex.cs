namespace HostAgent.Aggregator.Storage;

/// <summary>Finds series by matchers: for every label (and the metric name, as <c>__name__</c>) the series of each value. Not thread-safe; the
/// registry guards it.</summary>
internal sealed class LabelIndex
{
    private readonly Dictionary<string, Dictionary<string, HashSet<SeriesEntry>>> _postings = new(StringComparer.Ordinal);
    private readonly HashSet<SeriesEntry> _all = [];

    public void Add(SeriesEntry entry)
    {
        _all.Add(entry);
        Postings(LabelMatcher.MetricName, entry.Metric).Add(entry);
        foreach (LabelPair label in entry.Labels)
        {
            Postings(label.Name, label.Value).Add(entry);
        }
    }

    public void Remove(SeriesEntry entry)
    {
        _all.Remove(entry);
        Drop(LabelMatcher.MetricName, entry.Metric, entry);
        foreach (LabelPair label in entry.Labels)
        {
            Drop(label.Name, label.Value, entry);
        }
    }

    /// <summary>Appends every series that satisfies all the conditions, in no particular order. The smallest candidate set that a positive
    /// matcher gives is walked; the other matchers test each candidate.</summary>
    public void Select(IReadOnlyList<LabelCondition> conditions, List<SeriesEntry> into)
    {
        LabelCondition? best = null;
        List<HashSet<SeriesEntry>>? candidates = null;
        int size = _all.Count;
        foreach (LabelCondition condition in conditions)
        {
            if (condition.MatchesEmpty)
            {
                continue;
            }

            List<HashSet<SeriesEntry>> sets = Matching(condition);
            int total = sets.Sum(static s => s.Count);
            if (candidates is null || total < size)
            {
                (best, candidates, size) = (condition, sets, total);
            }
        }

        foreach (HashSet<SeriesEntry> set in candidates ?? [_all])
        {
            foreach (SeriesEntry entry in set)
            {
                if (Satisfies(entry, conditions, best))
                {
                    into.Add(entry);
                }
            }
        }
    }

    private static bool Satisfies(SeriesEntry entry, IReadOnlyList<LabelCondition> conditions, LabelCondition? known)
    {
        foreach (LabelCondition condition in conditions)
        {
            if (!ReferenceEquals(condition, known)
                && !condition.Matches(condition.Name == LabelMatcher.MetricName ? entry.Metric : entry.Labels[condition.Name]))
            {
                return false;
            }
        }

        return true;
    }

    private List<HashSet<SeriesEntry>> Matching(LabelCondition condition)
    {
        if (!_postings.TryGetValue(condition.Name, out Dictionary<string, HashSet<SeriesEntry>>? values))
        {
            return [];
        }

        if (condition.Literal is { } literal)
        {
            return values.TryGetValue(literal, out HashSet<SeriesEntry>? one) ? [one] : [];
        }

        var sets = new List<HashSet<SeriesEntry>>();
        foreach ((string value, HashSet<SeriesEntry> set) in values)
        {
            if (condition.Matches(value))
            {
                sets.Add(set);
            }
        }

        return sets;
    }

    private HashSet<SeriesEntry> Postings(string name, string value)
    {
        if (!_postings.TryGetValue(name, out Dictionary<string, HashSet<SeriesEntry>>? values))
        {
            _postings[name] = values = new Dictionary<string, HashSet<SeriesEntry>>(StringComparer.Ordinal);
        }

        if (!values.TryGetValue(value, out HashSet<SeriesEntry>? set))
        {
            values[value] = set = [];
        }

        return set;
    }

    private void Drop(string name, string value, SeriesEntry entry)
    {
        if (_postings.TryGetValue(name, out Dictionary<string, HashSet<SeriesEntry>>? values) && values.TryGetValue(value, out HashSet<SeriesEntry>? set))
        {
            set.Remove(entry);
            if (set.Count == 0)
            {
                values.Remove(value);
                if (values.Count == 0)
                {
                    _postings.Remove(name);
                }
            }
        }
    }
}
