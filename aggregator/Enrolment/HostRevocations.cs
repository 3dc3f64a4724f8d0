using System.Collections.Concurrent;
using System.Text.Json;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Enrolment;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Hosts that are shut out. A revocation is durable and has ended every open call of the host when <see cref="Revoke"/> returns.
/// Thread-safe.</summary>
internal sealed partial class HostRevocations
{
    private const string Collection = "host-revocation";
    private const int MaxReasonLength = 500;

    private readonly IDocumentStore _documents;
    private readonly HostCalls _calls;
    private readonly TimeProvider _time;
    private readonly ILogger<HostRevocations> _log;
    private readonly ConcurrentDictionary<string, Revocation> _revoked = new(StringComparer.Ordinal);

    public HostRevocations(IDocumentStore documents, HostCalls calls, TimeProvider time, ILogger<HostRevocations> log)
    {
        (_documents, _calls, _time, _log) = (documents, calls, time, log);
        foreach (Document document in documents.Scan(Collection))
        {
            _revoked[document.Key] = JsonSerializer.Deserialize(document.Body.Span, EnrolmentJson.Default.Revocation)!;
        }
    }

    /// <summary>All of them, the newest first.</summary>
    public IReadOnlyList<Revocation> All() => [.. _revoked.Values.OrderByDescending(static r => r.AtUnixMs)];

    /// <summary>Null: it is not revoked.</summary>
    public Revocation? Find(string hostId) => _revoked.GetValueOrDefault(hostId);

    /// <summary>Shuts a host out: its certificates are worth nothing from now on and its open calls end. A host that was never seen can be
    /// revoked, too. Revoking again keeps the first revocation.</summary>
    /// <exception cref="ArgumentException">The id or the reason is not allowed; the message is for the operator.</exception>
    public Revocation Revoke(string hostId, string reason, string by)
    {
        if (!HostIdText.IsValid(hostId))
        {
            throw new ArgumentException($"\"{hostId}\" is no host id: give its 32 lower-case hex digits");
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReasonLength || reason.Any(char.IsControl))
        {
            throw new ArgumentException($"a revocation needs a reason of 1 to {MaxReasonLength} characters on one line");
        }

        if (_revoked.TryGetValue(hostId, out Revocation? known))
        {
            return known;
        }

        var revocation = new Revocation(hostId, reason, by, _time.GetUtcNow().ToUnixTimeMilliseconds());
        _documents.Commit([new(Collection, hostId, JsonSerializer.SerializeToUtf8Bytes(revocation, EnrolmentJson.Default.Revocation))]);
        _revoked[hostId] = revocation;
        int ended = _calls.End(hostId, revocation.InWords);
        LogRevoked(hostId, by, reason, ended);
        return revocation;
    }

    /// <summary>Lets a host in again, with the certificate it has. False: it was not revoked.</summary>
    public bool Restore(string hostId, string by)
    {
        if (!_revoked.ContainsKey(hostId))
        {
            return false;
        }

        _documents.Commit([new(Collection, hostId, null)]);
        _revoked.TryRemove(hostId, out _);
        LogRestored(hostId, by);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Host {HostId} revoked by {By}: {Reason}; {Calls} open calls ended")]
    private partial void LogRevoked(string hostId, string by, string reason, int calls);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Host {HostId} restored by {By}")]
    private partial void LogRestored(string hostId, string by);
}
