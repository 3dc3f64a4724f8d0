namespace HostAgent.Aggregator.Hosts;

/// <summary>Every host that ever said Hello. Safe to call from any thread.</summary>
public interface IHostDirectory
{
    /// <summary>All hosts, by name.</summary>
    public IReadOnlyList<HostView> All();

    /// <summary>The host of this id, or else the one of this name (the one seen last when several share it); null when there is none.</summary>
    public HostView? Find(string idOrName);

    /// <summary>What the host produced between the two times (unix milliseconds, closed) and what became of it. An unknown host has an empty
    /// account.</summary>
    public HostAccount Account(string hostId, long fromUnixMs, long toUnixMs);
}
