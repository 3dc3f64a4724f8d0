using HostAgent.Aggregator.Runbooks;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>What each step of a runbook would do now.</summary>
/// <param name="Steps">In order.</param>
internal sealed record RunbookPlanResponse(IReadOnlyList<RunbookPlanner.PlannedStep> Steps);
