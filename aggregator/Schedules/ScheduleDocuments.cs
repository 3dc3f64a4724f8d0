using System.Globalization;
using System.Text.Json;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Schedules;

/// <summary>The collections of this room, all JSON: <c>schedule</c>, <c>schedule-state</c> and <c>maintenance</c> by name, <c>schedule-run</c> by
/// name, slash and the planned time (unix ms as 12 hex digits).</summary>
internal sealed class ScheduleDocuments(IDocumentStore store)
{
    private const int HistoryKept = 200;

    public IEnumerable<ScheduleRecord> Schedules() => store.Scan("schedule").Select(static d => JsonSerializer.Deserialize(d.Body.Span, ScheduleJson.Default.ScheduleRecord)!);

    public IEnumerable<MaintenanceWindow> Windows() => store.Scan("maintenance").Select(static d => JsonSerializer.Deserialize(d.Body.Span, ScheduleJson.Default.MaintenanceWindow)!);

    public ScheduleState State(string name)
        => store.Read("schedule-state", name) is { } body ? JsonSerializer.Deserialize(body.Span, ScheduleJson.Default.ScheduleState)! : new ScheduleState(0, null, 0);

    /// <summary>The newest first.</summary>
    public IEnumerable<ScheduleRun> History(string name, int limit)
        => store.Scan("schedule-run", name + "/", name + "0", limit, descending: true)
            .Select(static d => JsonSerializer.Deserialize(d.Body.Span, ScheduleJson.Default.ScheduleRun)!);

    public void Save(ScheduleRecord schedule)
        => store.Commit([new("schedule", schedule.Name, JsonSerializer.SerializeToUtf8Bytes(schedule, ScheduleJson.Default.ScheduleRecord))]);

    public void Save(MaintenanceWindow window)
        => store.Commit([new("maintenance", window.Name, JsonSerializer.SerializeToUtf8Bytes(window, ScheduleJson.Default.MaintenanceWindow))]);

    public void RemoveWindow(string name) => store.Commit([new("maintenance", name, null)]);

    public void Remove(string name) => store.Commit(
    [
        new("schedule", name, null),
        new("schedule-state", name, null),
        .. store.Scan("schedule-run", name + "/", name + "0").Select(static d => new DocumentChange(d.Collection, d.Key, null)),
    ]);

    /// <summary>A decision and how far the schedule has come with it, together.</summary>
    public void Save(string name, ScheduleState state, IReadOnlyList<ScheduleRun> runs) => store.Commit(
    [
        new("schedule-state", name, JsonSerializer.SerializeToUtf8Bytes(state, ScheduleJson.Default.ScheduleState)),
        .. runs.Select(run => new DocumentChange(
            "schedule-run", $"{name}/{run.PlannedUnixMs.ToString("x12", CultureInfo.InvariantCulture)}",
            JsonSerializer.SerializeToUtf8Bytes(run, ScheduleJson.Default.ScheduleRun))),
        .. store.Scan("schedule-run", name + "/", name + "0", descending: true).Skip(HistoryKept).Select(static d => new DocumentChange(d.Collection, d.Key, null)),
    ]);
}
