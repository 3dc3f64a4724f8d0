namespace HostAgent.Cli.Api;

/// <summary>What each step of a runbook would do now.</summary>
internal sealed record RunbookPlan(IReadOnlyList<RunbookPlan.PlannedStep> Steps)
{
    /// <summary>A step.</summary>
    internal sealed record PlannedStep(string Name, string Type, string What, string Now, bool Possible);
}
