namespace HostAgent.Agent.Sampling.Ports;

/// <summary>The series of one open port with one owner, over however many sockets.</summary>
internal sealed class PortSeries(PortKey key, string family, bool isUnexpected)
{
    private readonly OptionalSeries _listening = new(PortMetrics.Listening, key.Labels(family));
    private readonly OptionalSeries _queue = new(PortMetrics.Queue, key.Labels(family));
    private readonly OptionalSeries _limit = new(PortMetrics.Limit, key.Labels(family));
    private readonly OptionalSeries _unexpected = new(PortMetrics.Unexpected, key.Labels(family));
    private long _sockets;
    private long _waiting;
    private long _mayWait;

    /// <summary>The families that it takes: ipv4, ipv6 or both.</summary>
    public string Family => family;

    /// <summary>Whether it is neither expected nor allowed.</summary>
    public bool IsUnexpected => isUnexpected;

    /// <summary>Before its sockets are added up.</summary>
    public void Begin() => (_sockets, _waiting, _mayWait) = (0, 0, 0);

    /// <summary>Adds one socket up.</summary>
    public void Add(long waiting, long mayWait)
    {
        _sockets++;
        _waiting += waiting;
        _mayWait += mayWait;
    }

    /// <summary>Stores the values.</summary>
    public void Store(Tick tick)
    {
        _listening.Set(tick, _sockets);
        if (key.Protocol == "tcp")
        {
            _queue.Set(tick, _waiting);
            _limit.Set(tick, _mayWait);
        }

        if (isUnexpected)
        {
            _unexpected.Set(tick, 1);
        }
    }

    /// <summary>The port is closed, or somebody else's.</summary>
    public void End(SeriesTable table)
    {
        _listening.End(table);
        _queue.End(table);
        _limit.End(table);
        _unexpected.End(table);
    }

    /// <summary>What the families of some sockets come to.</summary>
    public static string FamilyOf(bool v4, bool v6) => v4 && v6 ? "both" : v6 ? "ipv6" : "ipv4";
}
