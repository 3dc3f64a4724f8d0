using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>Who is connected. One call per lane and host; of two runs of an agent with one identity, the one with the newer epoch stays.</summary>
internal sealed class LaneRegistry
{
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
    /// <exception cref="RefusalException">A newer run of the same agent is connected.</exception>
    public void Add(LaneSession lane)
    {
        List<LaneSession> older = [];
        lock (_gate)
        {
            foreach (Lane kind in new[] { Lane.Live, Lane.Backfill })
            {
                if (!_lanes.TryGetValue((lane.Hello.HostId, kind), out LaneSession? other))
                {
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
            other.End(new RefusalException(RefusalKind.Replaced, "replaced", $"a newer call of the same agent (epoch {lane.Hello.Epoch}) took over"));
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
}
