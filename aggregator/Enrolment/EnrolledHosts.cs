using System.Collections.Concurrent;
using System.Text.Json;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Which hosts hold a certificate. Thread-safe.</summary>
internal sealed class EnrolledHosts
{
    private const string Collection = "enrolled-host";
    private readonly ConcurrentDictionary<string, EnrolledHost> _hosts = new(StringComparer.Ordinal);

    public EnrolledHosts(IDocumentStore documents)
    {
        foreach (Document document in documents.Scan(Collection))
        {
            _hosts[document.Key] = JsonSerializer.Deserialize(document.Body.Span, EnrolmentJson.Default.EnrolledHost)!;
        }
    }

    /// <summary>All of them, by id.</summary>
    public IReadOnlyList<EnrolledHost> All() => [.. _hosts.Values.OrderBy(static h => h.HostId, StringComparer.Ordinal)];

    /// <summary>Null: it is not enrolled.</summary>
    public EnrolledHost? Find(string hostId) => _hosts.GetValueOrDefault(hostId);

    /// <summary>The change that makes it durable.</summary>
    public static DocumentChange Change(EnrolledHost host)
        => new(Collection, host.HostId, JsonSerializer.SerializeToUtf8Bytes(host, EnrolmentJson.Default.EnrolledHost));

    /// <summary>To be called after that is committed.</summary>
    public void Committed(EnrolledHost host) => _hosts[host.HostId] = host;
}
