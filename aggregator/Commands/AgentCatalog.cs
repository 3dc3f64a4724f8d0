using System.Collections.Concurrent;
using Google.Protobuf;
using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>Which kinds each host's agent offers, as it last said; known for hosts that are away, too. Safe to use from any thread.</summary>
public sealed class AgentCatalog
{
    private readonly ConcurrentDictionary<string, CommandHello> _agents = new(StringComparer.Ordinal);
    private readonly DocumentWriter _writer;

    /// <param name="documents">What agents said before the aggregator started.</param>
    /// <param name="writer">Where it is kept.</param>
    public AgentCatalog(CommandDocuments documents, DocumentWriter writer)
    {
        _writer = writer;
        foreach ((string host, AgentRecord agent) in documents.Agents())
        {
            CommandHello hello = CommandHello.Parser.ParseFrom(agent.Kinds);
            (hello.HostId, hello.HostName) = (host, agent.Name);
            _agents[host] = hello;
        }
    }

    /// <summary>Every host that ever offered commands, with its name.</summary>
    public IEnumerable<(string HostId, string Name)> Hosts => _agents.Select(static a => (a.Key, a.Value.HostName));

    /// <summary>The kind as this host's agent offers it; null when it does not.</summary>
    public CommandKindDef? Kind(string hostId, string kind) => _agents.GetValueOrDefault(hostId)?.Kinds.FirstOrDefault(k => k.Kind == kind);

    /// <summary>The host's agent has said what it can do.</summary>
    public bool Knows(string hostId) => _agents.ContainsKey(hostId);

    /// <summary>Every kind, by name, with the hosts that offer it.</summary>
    public IReadOnlyList<(CommandKindDef Kind, IReadOnlyList<string> HostIds)> Kinds()
        => [.. _agents.SelectMany(static a => a.Value.Kinds.Select(kind => (Kind: kind, Host: a.Key)))
            .GroupBy(static offer => offer.Kind.Kind, StringComparer.Ordinal)
            .OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(static group => (group.OrderByDescending(static o => o.Kind.Allowed).First().Kind, (IReadOnlyList<string>)[.. group.Select(static o => o.Host)]))];

    /// <summary>An agent says what it can do; durable soon after, and lost without harm: it says so again at every attach.</summary>
    internal void Said(CommandHello hello)
    {
        var kept = new CommandHello();
        kept.Kinds.AddRange(hello.Kinds);
        byte[] kinds = kept.ToByteArray();
        (kept.HostId, kept.HostName) = (hello.HostId, hello.HostName);
        CommandHello? before = _agents.GetValueOrDefault(hello.HostId);
        _agents[hello.HostId] = kept;
        if (!kept.Equals(before))
        {
            _ = _writer.CommitAsync([CommandDocuments.Changed(hello.HostId, new AgentRecord(hello.HostName, kinds))]);
        }
    }
}
