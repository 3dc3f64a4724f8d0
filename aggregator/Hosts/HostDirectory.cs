using System.Collections.Concurrent;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Hosts;

/// <summary>Every host that ever said Hello, as the store knew it at the start and as ingest has told since.</summary>
public sealed class HostDirectory : IHostDirectory
{
    private readonly ConcurrentDictionary<string, HostEntry> _hosts = new(StringComparer.Ordinal);
    private readonly HostOptions _options;
    private readonly TimeProvider _time;

    /// <param name="store">Where known hosts come from.</param>
    /// <param name="options">When a host counts as stale or down.</param>
    /// <param name="time">The aggregator's clock.</param>
    public HostDirectory(SampleStore store, HostOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        foreach (HostRecord host in store.Snapshot.Hosts)
        {
            _hosts[host.HostId] = new HostEntry(host);
        }

        foreach (EpochRecord epoch in store.Snapshot.Epochs)
        {
            Known(epoch.HostId)?.Load(epoch);
        }

        foreach (AccountRecord run in store.Snapshot.Account)
        {
            Known(run.HostId)?.Load(run);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<HostView> All()
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. _hosts.Values.Select(h => h.View(_options, now)).OrderBy(static v => v.Name, StringComparer.Ordinal).ThenBy(static v => v.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public HostView? Find(string idOrName)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return Known(idOrName) is { } host
            ? host.View(_options, now)
            : _hosts.Values.Select(h => h.View(_options, now)).Where(v => v.Name == idOrName).MaxBy(static v => v.LastSeenUnixMs);
    }

    /// <inheritdoc/>
    public HostAccount Account(string hostId, long fromUnixMs, long toUnixMs)
        => Known(hostId)?.Account(fromUnixMs, toUnixMs) ?? new HostAccount { HostId = hostId, Intervals = [], Missing = [], DuplicateFrames = 0 };

    /// <summary>The host of this id; a new one becomes durable with the next transaction.</summary>
    internal HostEntry GetOrAdd(HostRecord said) => _hosts.GetOrAdd(said.HostId, static (_, record) => new HostEntry(record), said);

    /// <summary>Notes in words that there are two of a host; null: there are no longer.</summary>
    internal void MarkDuplicate(string hostId, string? what)
    {
        if (Known(hostId) is { } host)
        {
            host.Duplicate = what;
        }
    }

    /// <summary>Moves what changed since the last call into a transaction.</summary>
    internal void DrainChanged(StorageTransaction transaction)
    {
        foreach (HostEntry host in _hosts.Values)
        {
            host.DrainChanged(transaction);
        }
    }

    /// <summary>Retention of the account.</summary>
    internal void ForgetBefore(long unixMs)
    {
        foreach (HostEntry host in _hosts.Values)
        {
            host.ForgetBefore(unixMs);
        }
    }

    private HostEntry? Known(string id) => _hosts.GetValueOrDefault(id);
}
