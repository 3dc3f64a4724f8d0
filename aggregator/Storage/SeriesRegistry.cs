namespace HostAgent.Aggregator.Storage;

/// <summary>Every series the store has, by identity, by id and by label. Series are given out here first and become durable with the next
/// transaction. Thread-safe.</summary>
internal sealed class SeriesRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Metric, LabelSet Labels), SeriesEntry> _byIdentity = [];
    private readonly Dictionary<SeriesId, SeriesEntry> _byId = [];
    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
    private readonly LabelIndex _index = new();
    private readonly List<SeriesRecord> _new = [];
    private long _nextId = 1;

    /// <summary>Series known.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>Takes over what a backend held.</summary>
    public void Load(IEnumerable<SeriesRecord> records)
    {
        lock (_gate)
        {
            foreach (SeriesRecord record in records)
            {
                Add(record with { Metric = Intern(record.Metric), Labels = Intern(record.Labels), HostId = Intern(record.HostId) });
            }
        }
    }

    /// <summary>The series of this identity; a new one is made when there is none. It is kept until <see cref="Release"/> at least.</summary>
    public SeriesEntry Acquire(string hostId, string metric, LabelSet labels, out bool isNew)
    {
        lock (_gate)
        {
            isNew = !_byIdentity.TryGetValue((metric, labels), out SeriesEntry? entry);
            if (entry is not null)
            {
                entry.Users++;
                return entry;
            }

            var record = new SeriesRecord(
                new SeriesId(_nextId), Intern(hostId), Intern(metric), Intern(labels), SeriesRecord.NoFirst, SeriesRecord.NoLast);
            _new.Add(record);
            entry = Add(record);
            entry.Users = 1;
            return entry;
        }
    }

    /// <summary>The lane that acquired the series will add no more columns to it.</summary>
    public void Release(SeriesEntry entry)
    {
        lock (_gate)
        {
            entry.Users--;
        }
    }

    public SeriesEntry? Find(SeriesId id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public List<SeriesEntry> Select(IReadOnlyList<LabelCondition> conditions)
    {
        var found = new List<SeriesEntry>();
        lock (_gate)
        {
            _index.Select(conditions, found);
        }

        return found;
    }

    /// <summary>Moves the series made since the last call into <paramref name="transaction"/>.</summary>
    public void DrainNew(List<SeriesRecord> transaction)
    {
        lock (_gate)
        {
            transaction.AddRange(_new);
            _new.Clear();
        }
    }

    /// <summary>Forgets the series whose every sample is older than <paramref name="unixMs"/> and returns their ids.</summary>
    public List<SeriesId> RemoveEndedBefore(long unixMs)
    {
        lock (_gate)
        {
            List<SeriesEntry> gone = [.. _byId.Values.Where(e => e.Users == 0 && e.Columns.Length == 0 && e.Bounds().Last < unixMs)];
            gone.RemoveAll(e => _new.Exists(n => n.Id == e.Id));
            foreach (SeriesEntry entry in gone)
            {
                _byId.Remove(entry.Id);
                _byIdentity.Remove((entry.Metric, entry.Labels));
                _index.Remove(entry);
            }

            return [.. gone.Select(static e => e.Id)];
        }
    }

    private SeriesEntry Add(SeriesRecord record)
    {
        var entry = new SeriesEntry(record);
        _byIdentity[(record.Metric, record.Labels)] = entry;
        _byId[record.Id] = entry;
        _index.Add(entry);
        _nextId = Math.Max(_nextId, record.Id.Value + 1);
        return entry;
    }

    // A label stands in thousands of series; one string each keeps the index small.
    private LabelSet Intern(LabelSet labels)
        => LabelSet.From(labels.Select(l => new LabelPair(Intern(l.Name), Intern(l.Value))));

    private string Intern(string text)
    {
        if (_strings.TryGetValue(text, out string? known))
        {
            return known;
        }

        _strings.Add(text, text);
        return text;
    }
}
