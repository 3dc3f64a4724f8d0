using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Ports;

/// <summary>Turns listening sockets and their owners into series; makes anything new only when one of them has changed.</summary>
internal sealed class PortTable(PortRule[] expected, PortRule[] allowed, int maxPorts)
{
    private readonly OptionalSeries[] _missing = [.. expected.Select(rule => new OptionalSeries(PortMetrics.Missing, rule.Labels))];
    private readonly bool[] _isMissing = new bool[expected.Length];
    private readonly Dictionary<PortKey, PortSeries> _ports = [];
    private PortSeries?[] _ofSocket = [];

    /// <summary>Ports without series because there are too many.</summary>
    public long Omitted { get; private set; }

    /// <summary>Whether a socket is one that the operator has said something about.</summary>
    public bool IsNamed(in ListeningSocket socket)
    {
        foreach (PortRule rule in expected)
        {
            if (rule.HasNumber(socket))
            {
                return true;
            }
        }

        foreach (PortRule rule in allowed)
        {
            if (rule.HasNumber(socket))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes what is open now. A socket whose owner is still looked for comes with a later call.</summary>
    public void Take(Tick tick, ReadOnlySpan<ListeningSocket> sockets, SocketOwners owners)
    {
        FindMissing(sockets);
        Dictionary<PortKey, (bool V4, bool V6, bool IsUnexpected)> now = [];
        var keys = new PortKey?[sockets.Length];
        for (int i = 0; i < sockets.Length; i++)
        {
            if (owners.Of(sockets[i].Inode) is { } owner)
            {
                PortKey key = PortKey.Of(sockets[i], owner);
                (bool v4, bool v6, bool unexpected) = now.GetValueOrDefault(key);
                now[key] = (v4 || sockets[i].TakesV4, v6 || sockets[i].TakesV6, unexpected || IsUnexpected(sockets[i]));
                keys[i] = key;
            }
        }

        foreach ((PortKey key, PortSeries series) in _ports)
        {
            if (!now.TryGetValue(key, out var found) || series.Family != PortSeries.FamilyOf(found.V4, found.V6) || series.IsUnexpected != found.IsUnexpected)
            {
                series.End(tick.Table);
                _ports.Remove(key);
            }
        }

        Omitted = 0;
        foreach ((PortKey key, (bool v4, bool v6, bool unexpected)) in now)
        {
            if (_ports.ContainsKey(key))
            {
                continue;
            }

            if (_ports.Count < maxPorts)
            {
                _ports.Add(key, new PortSeries(key, PortSeries.FamilyOf(v4, v6), unexpected));
            }
            else
            {
                Omitted++;
            }
        }

        _ofSocket = [.. keys.Select(key => key is null ? null : _ports.GetValueOrDefault(key))];
    }

    /// <summary>Stores the values of all series.</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="queues">Connections that wait at each socket, in the order of the last <see cref="Take"/>.</param>
    /// <param name="limits">Connections that may wait.</param>
    public void Store(Tick tick, ReadOnlySpan<long> queues, ReadOnlySpan<long> limits)
    {
        for (int i = 0; i < _missing.Length; i++)
        {
            _missing[i].Set(tick, _isMissing[i] ? 1 : 0);
        }

        foreach (PortSeries series in _ports.Values)
        {
            series.Begin();
        }

        for (int i = 0; i < _ofSocket.Length; i++)
        {
            _ofSocket[i]?.Add(queues[i], limits[i]);
        }

        foreach (PortSeries series in _ports.Values)
        {
            series.Store(tick);
        }
    }

    private void FindMissing(ReadOnlySpan<ListeningSocket> sockets)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            _isMissing[i] = true;
            foreach (ListeningSocket socket in sockets)
            {
                _isMissing[i] &= !expected[i].IsOpenAt(socket);
            }
        }
    }

    // Where nothing is expected nothing is unexpected.
    private bool IsUnexpected(in ListeningSocket socket)
    {
        if (expected.Length == 0)
        {
            return false;
        }

        ListeningSocket one = socket;
        return !expected.Any(rule => rule.Permits(one)) && !allowed.Any(rule => rule.Permits(one));
    }
}
