namespace HostAgent.Cli.Api;

/// <summary>The answer of GET /v1/schedules.</summary>
internal sealed record ScheduleList(IReadOnlyList<ScheduleView> Schedules);
