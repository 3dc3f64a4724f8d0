namespace HostAgent.Cli.Api;

/// <summary>How a command fares on one host.</summary>
internal sealed record HostRunView(
    string Id,
    string Name,
    string State,
    bool Final,
    bool Overdue,
    string Message,
    uint Percent,
    DateTimeOffset? Started,
    DateTimeOffset? Ended,
    IReadOnlyDictionary<string, string>? Results,
    string? Output,
    bool OutputTruncated,
    IReadOnlyList<HostRunView.LateReport>? LateReports)
{
    /// <summary>What the agent reported after the end that contradicts it.</summary>
    internal sealed record LateReport(string State, string Message, DateTimeOffset Received);
}
