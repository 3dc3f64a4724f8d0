namespace HostAgent.Agent.Commands;

/// <summary>How a command ended.</summary>
/// <param name="Succeeded">False: it failed. Cancellation, timeout and rejection are the executor's to say.</param>
/// <param name="Message">What was done or what was wrong, and what to do.</param>
/// <param name="Results">Facts for programs: before and after, counts. Names as in <see cref="CommandPlan.Facts"/>.</param>
internal sealed record CommandOutcome(bool Succeeded, string Message, IReadOnlyDictionary<string, string>? Results = null);
