namespace HostAgent.Cli.Api;

/// <summary>A schedule in the aggregator's answers.</summary>
internal sealed record ScheduleView(
    string Name, string At, string Zone, bool Enabled, string Missed, string? Kind, string? On, IReadOnlyDictionary<string, string> Args, string? Runbook,
    string SetBy, DateTimeOffset? Next, IReadOnlyList<ScheduleView.Run>? History)
{
    /// <summary>A time and what became of it.</summary>
    internal sealed record Run(DateTimeOffset Planned, DateTimeOffset Decided, string Outcome, string? Started, string Message);
}
