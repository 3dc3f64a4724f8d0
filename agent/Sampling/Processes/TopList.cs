namespace HostAgent.Agent.Sampling.Processes;

/// <summary>The largest processes by one figure, one series each.</summary>
/// <remarks>
/// A list that follows every change would make new series all day. So a process that is shown stays until it ends, or until one that is not shown is
/// larger by a quarter and the shown one has had its place for some scans; at most one place changes hands per scan.
/// </remarks>
internal sealed class TopList
{
    private const double Margin = 1.25;
    private const int ScansOfTenure = 12;

    private readonly int _bit;
    private readonly Metric _metric;
    private readonly Func<WatchedProcess, double> _score;
    private readonly Func<WatchedProcess, long> _value;
    private readonly double _least;
    private readonly Place[] _places;
    private readonly WatchedProcess?[] _challengers;

    /// <param name="number">Number of the list among all lists.</param>
    /// <param name="size">Places at most.</param>
    /// <param name="metric">What is told of each.</param>
    /// <param name="score">By what processes are compared.</param>
    /// <param name="least">What is not above this is not shown.</param>
    /// <param name="value">The raw value of the series.</param>
    public TopList(int number, int size, Metric metric, Func<WatchedProcess, double> score, double least, Func<WatchedProcess, long> value)
    {
        (_bit, _metric, _score, _least, _value) = (1 << number, metric, score, least, value);
        _places = new Place[size];
        _challengers = new WatchedProcess?[size];
    }

    /// <summary>A process has ended: its series ends with it.</summary>
    public void Remove(Tick tick, WatchedProcess process)
    {
        for (int i = 0; (process.Lists & _bit) != 0 && i < _places.Length; i++)
        {
            if (_places[i].Process == process)
            {
                Free(tick, i);
            }
        }
    }

    /// <summary>Gives the places away and stores the values.</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="all">All processes.</param>
    /// <param name="labels">The labels of one that comes into the list.</param>
    public void Update(Tick tick, List<WatchedProcess> all, Func<Tick, WatchedProcess, (string Name, string Value)[]> labels)
    {
        if (_places.Length == 0)
        {
            return;
        }

        int waiting = FindChallengers(all);
        int next = 0;
        int weakest = -1;
        for (int i = 0; i < _places.Length; i++)
        {
            if (_places[i].Process is null && next < waiting)
            {
                Take(tick, i, _challengers[next++]!, labels);
            }

            if (_places[i].Process is not { } shown)
            {
                continue;
            }

            _places[i].Scans++;
            if (_places[i].Scans > ScansOfTenure && (weakest < 0 || _score(shown) < _score(_places[weakest].Process!)))
            {
                weakest = i;
            }
        }

        if (next < waiting && weakest >= 0 && _score(_challengers[next]!) > _score(_places[weakest].Process!) * Margin)
        {
            Free(tick, weakest);
            Take(tick, weakest, _challengers[next]!, labels);
        }

        foreach (ref Place place in _places.AsSpan())
        {
            if (place.Process is { } process)
            {
                tick.Table.Set(place.Series, _value(process));
            }
        }

        Array.Clear(_challengers);
    }

    // The largest that are not shown, largest first; of equal ones the older number.
    private int FindChallengers(List<WatchedProcess> all)
    {
        int count = 0;
        foreach (WatchedProcess process in all)
        {
            double score = _score(process);
            if ((process.Lists & _bit) != 0 || score <= _least || (count == _challengers.Length && !IsBefore(process, score, _challengers[count - 1]!)))
            {
                continue;
            }

            int at = count < _challengers.Length ? count++ : count - 1;
            while (at > 0 && IsBefore(process, score, _challengers[at - 1]!))
            {
                _challengers[at] = _challengers[at - 1];
                at--;
            }

            _challengers[at] = process;
        }

        return count;
    }

    private bool IsBefore(WatchedProcess process, double score, WatchedProcess other)
    {
        double its = _score(other);
        return score > its || (score == its && process.Pid < other.Pid);
    }

    private void Take(Tick tick, int place, WatchedProcess process, Func<Tick, WatchedProcess, (string Name, string Value)[]> labels)
    {
        int series = tick.Table.Add(tick.Group, _metric, labels(tick, process));
        _places[place] = new Place { Process = process, Series = series };
        process.Lists |= _bit;
    }

    private void Free(Tick tick, int place)
    {
        _places[place].Process!.Lists &= ~_bit;
        tick.Table.End(_places[place].Series);
        _places[place] = default;
    }

    private struct Place
    {
        public WatchedProcess? Process;
        public int Series;
        public int Scans;
    }
}
