using HostAgent.Agent.Commands.Journal;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>Says whether one more run fits into the budgets, counting what the journal knows.</summary>
/// <param name="kind">Of the command that wants to begin.</param>
/// <param name="decisions">Its subjects, each with the rule that allows it.</param>
/// <param name="nowMs">Now, unix milliseconds.</param>
internal sealed class BudgetJudge(string kind, IReadOnlyList<(string Subject, PolicyRule Rule)> decisions, long nowMs)
{
    /// <summary>Name of the result that marks a rejection as the end of repeating: its value is the subject.</summary>
    public const string GaveUpResult = "gave_up";

    /// <summary>Why it may not begin; null when it may.</summary>
    /// <param name="entries">All commands that the journal knows.</param>
    /// <param name="isSigned">An operator has signed: repeating what has stopped helping is then his decision.</param>
    /// <param name="gaveUpOn">The subject on which repeating has stopped helping, when that is why.</param>
    public string? Refusal(IEnumerable<CommandEntry> entries, bool isSigned, out string? gaveUpOn)
    {
        CommandEntry[] all = [.. entries];
        CommandEntry[] begun = [.. all.Where(static entry => entry.BegunUnixMs != 0)];
        gaveUpOn = null;
        foreach ((string subject, PolicyRule rule) in decisions)
        {
            if (!isSigned && rule.GiveUp is { } end && HasStoppedHelping(all, begun, subject, end))
            {
                gaveUpOn = subject;
                return $"{kind} was run {end.Max} times on {subject}, each within {Words(end.Per)} of the one before, and is wanted again: it does not help. "
                    + $"Find out why; an order that an operator has signed runs it again ({rule.Place})";
            }

            if (rule.PerSubject is { } own && Count(begun, rule, own, run => run == subject) >= own.Max)
            {
                return $"the budget is used up: {kind} may run {own.Max} times in {Words(own.Per)} on {subject} ({rule.Place})";
            }

            if (rule.PerHost is { } host && Count(begun, rule, host, run => Glob.IsAnyMatch(rule.Subjects, run)) >= host.Max)
            {
                return $"the budget is used up: what {rule.Place} allows may run {host.Max} times in {Words(host.Per)} on this host";
            }
        }

        return null;
    }

    /// <summary>The subjects with their places in the chain of runs.</summary>
    public IReadOnlyList<SubjectRun> Runs(IEnumerable<CommandEntry> entries, bool isSigned)
    {
        CommandEntry[] begun = [.. entries.Where(static entry => entry.BegunUnixMs != 0)];
        return [.. decisions.Select(decision => new SubjectRun(decision.Subject, ChainOfNext(begun, decision.Subject, decision.Rule, isSigned)))];
    }

    private int ChainOfNext(CommandEntry[] begun, string subject, PolicyRule rule, bool isSigned) =>
        !isSigned && rule.GiveUp is { } end && Last(begun, subject) is { } last && nowMs - last.BegunUnixMs <= end.Per.TotalMilliseconds ? Chain(last, subject) + 1 : 1;

    // Wanted again soon after the last run of a full chain: that one has not helped either. Once that was said it holds, however much later.
    private bool HasStoppedHelping(CommandEntry[] all, CommandEntry[] begun, string subject, Budget end) =>
        Last(begun, subject) is { } last && Chain(last, subject) >= end.Max
        && (nowMs - last.BegunUnixMs <= end.Per.TotalMilliseconds || all.Any(entry => entry.Kind == kind && entry.EndedUnixMs >= last.BegunUnixMs
            && entry.Report.Results.Any(result => result.Name == GaveUpResult && result.Value == subject)));

    private CommandEntry? Last(CommandEntry[] begun, string subject) => begun
        .Where(entry => entry.Kind == kind && entry.Subjects.Any(run => run.Subject == subject)).MaxBy(static entry => entry.BegunUnixMs);

    private static int Chain(CommandEntry entry, string subject) => entry.Subjects.First(run => run.Subject == subject).Chain;

    // A run that lies ahead of now, because the clock was set back, counts as well: a budget must not be had twice that way.
    private int Count(CommandEntry[] begun, PolicyRule rule, Budget budget, Func<string, bool> isMeant) => begun.Count(entry =>
        rule.IsAbout(entry.Kind) && nowMs - entry.BegunUnixMs < budget.Per.TotalMilliseconds && entry.Subjects.Any(run => isMeant(run.Subject)));

    private static string Words(TimeSpan time) =>
        time.TotalHours >= 1 && time.Minutes == 0 && time.Seconds == 0 ? $"{time.TotalHours:0} h" : time.TotalMinutes >= 1 && time.Seconds == 0 ? $"{time.TotalMinutes:0} min"
            : $"{time.TotalSeconds:0.###} s";
}
