using System.Globalization;
using System.Text.Json;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Commands;

/// <summary>The collections of this room: <c>command</c> by id, <c>command-time</c> (unix ms as 12 hex digits, dash, id; empty) in the order of
/// acceptance, <c>command-open</c> (id; empty) for what is not concluded, <c>command-run</c> (id/host), <c>command-output</c> (id/host, raw
/// bytes) and <c>command-agent</c> (host). Bodies are JSON unless said otherwise.</summary>
public sealed class CommandDocuments(IDocumentStore store)
{
    private static readonly ReadOnlyMemory<byte> Empty = ReadOnlyMemory<byte>.Empty;

    /// <summary>The command, or null.</summary>
    public CommandRecord? Command(string id)
        => store.Read("command", id) is { } body ? JsonSerializer.Deserialize(body.Span, CommandJson.Default.CommandRecord) : null;

    /// <summary>Ids of commands that are not concluded.</summary>
    public IEnumerable<string> Open() => store.Scan("command-open").Select(static d => d.Key);

    /// <summary>Ids by time of acceptance, the newest first, of those accepted before <paramref name="beforeUnixMs"/>.</summary>
    public IEnumerable<string> Newest(long beforeUnixMs, int limit)
        => store.Scan("command-time", "", Hex(beforeUnixMs), limit, descending: true).Select(static d => d.Key[13..]);

    /// <summary>Ids of the oldest commands that were accepted before the time.</summary>
    public IEnumerable<string> Oldest(long beforeUnixMs, int limit)
        => store.Scan("command-time", "", Hex(beforeUnixMs), limit).Select(static d => d.Key[13..]);

    /// <summary>What is stored of each host; hosts without a document are as they were at acceptance.</summary>
    public IReadOnlyDictionary<string, HostRunRecord> Runs(string id)
        => store.Scan("command-run", id + "/", id + "0").ToDictionary(
            d => d.Key[(id.Length + 1)..], static d => JsonSerializer.Deserialize(d.Body.Span, CommandJson.Default.HostRunRecord)!);

    /// <summary>The output of a run that has ended.</summary>
    public ReadOnlyMemory<byte> Output(string id, string host) => store.Read("command-output", $"{id}/{host}") ?? Empty;

    /// <summary>What every host's agent last said it can do.</summary>
    public IEnumerable<(string HostId, AgentRecord Agent)> Agents()
        => store.Scan("command-agent").Select(static d => (d.Key, JsonSerializer.Deserialize(d.Body.Span, CommandJson.Default.AgentRecord)!));

    internal static IEnumerable<DocumentChange> Created(CommandRecord command) =>
    [
        Changed(command),
        new("command-time", $"{Hex(command.CreatedUnixMs)}-{command.Id}", Empty),
        new("command-open", command.Id, Empty),
    ];

    internal static DocumentChange Changed(CommandRecord command)
        => new("command", command.Id, JsonSerializer.SerializeToUtf8Bytes(command, CommandJson.Default.CommandRecord));

    internal static DocumentChange Concluded(string id) => new("command-open", id, null);

    internal static DocumentChange Changed(string id, string host, HostRunRecord run)
        => new("command-run", $"{id}/{host}", JsonSerializer.SerializeToUtf8Bytes(run, CommandJson.Default.HostRunRecord));

    internal static DocumentChange Output(string id, string host, byte[] output) => new("command-output", $"{id}/{host}", output);

    internal static DocumentChange Changed(string host, AgentRecord agent)
        => new("command-agent", host, JsonSerializer.SerializeToUtf8Bytes(agent, CommandJson.Default.AgentRecord));

    internal static IEnumerable<DocumentChange> Forgotten(CommandRecord command)
        => command.Targets.SelectMany(host => new DocumentChange[]
            {
                new("command-run", $"{command.Id}/{host}", null), new("command-output", $"{command.Id}/{host}", null),
            })
            .Append(new("command-time", $"{Hex(command.CreatedUnixMs)}-{command.Id}", null))
            .Append(new("command", command.Id, null));

    private static string Hex(long unixMs) => Math.Max(0, unixMs).ToString("x12", CultureInfo.InvariantCulture);
}
