namespace HostAgent.Cli.Api;

/// <summary>A run of a runbook in the aggregator's answers.</summary>
internal sealed record RunbookRunView(
    string Id, string Runbook, IReadOnlyDictionary<string, string> Args, string RequestedBy, DateTimeOffset Created, DateTimeOffset? Ended, string State,
    bool Over, string? Cancelled, IReadOnlyList<RunbookRunView.Step> Steps)
{
    /// <summary>A step.</summary>
    internal sealed record Step(string Name, string State, string Message, int Attempt, string? Command, DateTimeOffset? Started, DateTimeOffset? Ended);
}
