namespace HostAgent.Aggregator.Enrolment;

/// <summary>All open gRPC calls of hosts, so that they can be ended. Thread-safe.</summary>
internal sealed class HostCalls(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<HostCall>> _calls = new(StringComparer.Ordinal);

    /// <summary>Registers a call; it is removed when it is disposed.</summary>
    public HostCall Open(HostCertificate host)
    {
        var call = new HostCall(this, host, time);
        lock (_gate)
        {
            if (!_calls.TryGetValue(host.HostId, out List<HostCall>? calls))
            {
                _calls[host.HostId] = calls = [];
            }

            calls.Add(call);
        }

        return call;
    }

    /// <summary>Ends all calls of a host for good; returns how many there were.</summary>
    public int End(string hostId, string reason)
    {
        HostCall[] calls;
        lock (_gate)
        {
            calls = _calls.TryGetValue(hostId, out List<HostCall>? open) ? [.. open] : [];
        }

        Array.ForEach(calls, call => call.End(reason, isForbidden: true));
        return calls.Length;
    }

    /// <summary>The call is over.</summary>
    public void Remove(HostCall call)
    {
        lock (_gate)
        {
            if (_calls.TryGetValue(call.Host.HostId, out List<HostCall>? calls) && calls.Remove(call) && calls.Count == 0)
            {
                _calls.Remove(call.Host.HostId);
            }
        }
    }
}
