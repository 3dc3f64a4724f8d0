using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>Who is connected. One call per lane and host; of two runs of an agent with one identity, the one with the newer epoch stays, unless
/// they turn out to be two machines (<see cref="DuplicateWatch"/>).</summary>
internal sealed class LaneRegistry(TimeProvider time)
{
    private readonly DuplicateWatch _duplicates = new(time);
    private readonly Lock _gate = new();
    private readonly Dictionary<(string HostId, Lane Lane), LaneSession> _lanes = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Count;
            }
        }
    }

    /// <summary>All calls open now.</summary>
    public List<LaneSession> All()
    {
        lock (_gate)
        {
            return [.. _lanes.Values];
        }
    }

    /// <summary>Admits a call and ends those it replaces.</summary>
    /// <exception cref="RefusalException">A newer run of the same agent is connected, or another machine keeps its identity.</exception>
    public void Add(LaneSession lane)
    {
        List<LaneSession> older = [];
        RefusalException? duplicate = null;
        lock (_gate)
        {
            DuplicateVerdict verdict = _duplicates.Judge(lane.Hello, Newest(lane.Hello.HostId));
            if (verdict != DuplicateVerdict.Admit)
            {
                duplicate = new RefusalException(RefusalKind.Duplicate, "duplicate_identity", _duplicates.Describe(lane.Hello.HostId)!);
            }

            if (verdict == DuplicateVerdict.Refuse)
            {
                throw duplicate!;
            }

            foreach (Lane kind in new[] { Lane.Live, Lane.Backfill })
            {
                if (!_lanes.TryGetValue((lane.Hello.HostId, kind), out LaneSession? other))
                {
                    continue;
                }

                if (verdict == DuplicateVerdict.AdmitAlone && AgentRun.Of(other.Hello) != AgentRun.Of(lane.Hello))
                {
                    older.Add(other);
                    _lanes.Remove((lane.Hello.HostId, kind));
                    continue;
                }

                if (other.Hello.Epoch > lane.Hello.Epoch)
                {
                    throw new RefusalException(
                        RefusalKind.NotTheNewest, "not_the_newest",
                        $"an agent with host_id {lane.Hello.HostId} and the newer epoch {other.Hello.Epoch} is connected; if two hosts share the id, one is a clone: "
                        + "delete its agent's state and start it again");
                }

                if (other.Hello.Epoch < lane.Hello.Epoch || kind == lane.Hello.Lane)
                {
                    older.Add(other);
                }
            }

            _lanes[(lane.Hello.HostId, lane.Hello.Lane)] = lane;
        }

        foreach (LaneSession other in older)
        {
            other.End(duplicate is not null && AgentRun.Of(other.Hello) != AgentRun.Of(lane.Hello) ? duplicate : new RefusalException(RefusalKind.Replaced, "replaced", $"a newer call of the same agent (epoch {lane.Hello.Epoch}) took over"));
        }
    }

    /// <summary>Hosts of which there are two, each with words for its operators.</summary>
    public Dictionary<string, string> Duplicates()
    {
        lock (_gate)
        {
            return _duplicates.Sweep(Newest);
        }
    }

    /// <summary>The call is over. True when no newer one has taken its place.</summary>
    public bool Remove(LaneSession lane)
    {
        lock (_gate)
        {
            return _lanes.TryGetValue((lane.Hello.HostId, lane.Hello.Lane), out LaneSession? current) && ReferenceEquals(current, lane)
                && _lanes.Remove((lane.Hello.HostId, lane.Hello.Lane));
        }
    }

    private AgentRun? Newest(string hostId)
        => new[] { Lane.Live, Lane.Backfill }.Select(kind => _lanes.GetValueOrDefault((hostId, kind))?.Hello)
            .Where(static hello => hello is not null).MaxBy(static hello => hello!.Epoch) is { } newest ? AgentRun.Of(newest) : null;
}
