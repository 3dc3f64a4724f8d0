using System.Globalization;
using System.Text;
using System.Text.Json;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>The collections of this room: <c>runbook</c> by name (YAML), <c>runbook-run</c> by id (JSON), <c>runbook-time</c> (unix ms as 12 hex digits,
/// dash, id; empty) in the order of starting, <c>runbook-open</c> (id; empty) for what is not over.</summary>
internal sealed class RunbookDocuments(IDocumentStore store)
{
    public IEnumerable<(string Name, string Yaml)> Runbooks() => store.Scan("runbook").Select(static d => (d.Key, Encoding.UTF8.GetString(d.Body.Span)));

    public void SaveRunbook(string name, string? yaml) => store.Commit([new("runbook", name, yaml is null ? null : Encoding.UTF8.GetBytes(yaml))]);

    public RunbookRun? Run(string id)
        => store.Read("runbook-run", id) is { } body ? JsonSerializer.Deserialize(body.Span, RunbookJson.Default.RunbookRun) : null;

    public IEnumerable<RunbookRun> Open() => store.Scan("runbook-open").Select(d => Run(d.Key)).OfType<RunbookRun>();

    /// <summary>The newest first.</summary>
    public IEnumerable<RunbookRun> Newest(int limit)
        => store.Scan("runbook-time", limit: limit, descending: true).Select(d => Run(d.Key[13..])).OfType<RunbookRun>();

    public void Save(RunbookRun run) => store.Commit(
    [
        new("runbook-run", run.Id, JsonSerializer.SerializeToUtf8Bytes(run, RunbookJson.Default.RunbookRun)),
        new("runbook-time", $"{run.CreatedUnixMs.ToString("x12", CultureInfo.InvariantCulture)}-{run.Id}", ReadOnlyMemory<byte>.Empty),
        new("runbook-open", run.Id, run.IsOver ? null : ReadOnlyMemory<byte>.Empty),
    ]);
}
