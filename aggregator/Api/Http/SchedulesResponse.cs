namespace HostAgent.Aggregator.Api.Http;

/// <summary>All schedules, by name.</summary>
/// <param name="Schedules">Without their history.</param>
internal sealed record SchedulesResponse(IReadOnlyList<ScheduleResponse> Schedules);
