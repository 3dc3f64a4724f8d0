using HostAgent.Aggregator.Api.Http.Access;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Schedules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>/v1/schedules and /v1/maintenance: what happens by the calendar.</summary>
internal static class ScheduleEndpoints
{
    private const string Tag = "schedules";

    /// <summary>Adds the routes to the group /v1.</summary>
    public static void MapScheduleEndpoints(this RouteGroupBuilder v1)
    {
        v1.MapGet("/schedules", (ScheduleDesk desk)
                => TypedResults.Ok(new SchedulesResponse([.. desk.All().Select(static s => ScheduleResponse.From(s.Schedule, s.State, null))])))
            .WithName("listSchedules").WithSummary("All schedules, by name").WithTags(Tag);

        v1.MapGet("/schedules/{name}", (string name, ScheduleDesk desk) => TypedResults.Ok(Shown(desk, name)))
            .WithName("getSchedule").WithSummary("One schedule with the newest times and what became of them").WithTags(Tag)
            .ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapPut("/schedules/{name}", (string name, ScheduleBody body, ScheduleDesk desk, TimeProvider time, HttpContext http) =>
            {
                Caller.RequireAllHosts(http);
                ScheduleRecord schedule = body.ToRecord(name, Caller.Of(http), time.GetUtcNow().ToUnixTimeMilliseconds());
                http.Audit().Target = name;
                http.Audit().Details["at"] = $"{schedule.At} ({schedule.Zone})";
                http.Audit().Details["what"] = schedule.Runbook is { } runbook ? "runbook " + runbook : $"{schedule.Kind} on {schedule.On}";
                desk.Set(schedule);
                return TypedResults.Ok(Shown(desk, name));
            })
            .WithName("setSchedule").WithSummary("Set a schedule, new or not").WithTags(Tag).RequireRole(Role.Operator).Audited("schedule.set")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapDelete("/schedules/{name}", (string name, ScheduleDesk desk, HttpContext http) =>
            {
                Removing(http, name);
                desk.Remove(name);
                return TypedResults.NoContent();
            })
            .WithName("removeSchedule").WithSummary("Remove a schedule and its history").WithTags(Tag).RequireRole(Role.Operator).Audited("schedule.remove")
            .ProducesProblem(StatusCodes.Status404NotFound);

        v1.MapGet("/maintenance", Windows).WithName("listMaintenance").WithSummary("All maintenance windows, by name").WithTags(Tag);

        v1.MapPut("/maintenance/{name}", (string name, MaintenanceBody body, ScheduleDesk desk, TimeProvider time, HttpContext http) =>
            {
                Removing(http, name);
                desk.Set(body.ToRecord(name, Caller.Of(http)));
                return Windows(desk, time);
            })
            .WithName("setMaintenance").WithSummary("Set a maintenance window, new or not: schedules hold still while it is open").WithTags(Tag)
            .RequireRole(Role.Operator).Audited("maintenance.set").ProducesProblem(StatusCodes.Status400BadRequest);

        v1.MapDelete("/maintenance/{name}", (string name, ScheduleDesk desk, HttpContext http) =>
            {
                Removing(http, name);
                desk.RemoveWindow(name);
                return TypedResults.NoContent();
            })
            .WithName("removeMaintenance").WithSummary("Remove a maintenance window").WithTags(Tag).RequireRole(Role.Operator).Audited("maintenance.remove")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void Removing(HttpContext http, string name)
    {
        Caller.RequireAllHosts(http);
        http.Audit().Target = name;
    }

    private static ScheduleResponse Shown(ScheduleDesk desk, string name)
    {
        (ScheduleRecord schedule, ScheduleState state, IReadOnlyList<ScheduleRun> history) = desk.Get(name);
        return ScheduleResponse.From(schedule, state, history);
    }

    private static Ok<MaintenanceResponse> Windows(ScheduleDesk desk, TimeProvider time)
        => TypedResults.Ok(new MaintenanceResponse([.. desk.Windows().Select(window => MaintenanceResponse.From(window, time.GetUtcNow()))]));
}
