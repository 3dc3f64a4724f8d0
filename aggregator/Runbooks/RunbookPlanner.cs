using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>Says what each step of a runbook would do now: agents are asked as a dry run, conditions are looked at. Changes nothing.</summary>
internal sealed class RunbookPlanner(RunbookShelf shelf, CommandIntake intake, CommandDesk desk, StepCommands commands, QueryEngine queries, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The plan.</summary>
    /// <exception cref="CommandException">There is no such runbook, or a parameter is wrong.</exception>
    public async Task<IReadOnlyList<PlannedStep>> PlanAsync(string name, IReadOnlyDictionary<string, string> args, string who, CancellationToken cancellationToken)
    {
        (Runbook runbook, string yaml, _) = shelf.Get(name);
        SortedDictionary<string, string> values = runbook.Complete(args);
        var run = new RunbookRun { Id = "", Runbook = name, Yaml = yaml, Args = values, RequestedBy = who, CreatedUnixMs = 0, Steps = [] };
        return await Task.WhenAll(Enumerable.Range(0, runbook.Steps.Count).Select(i => PlanAsync(run, runbook.Step(i, values), cancellationToken)));
    }

    private async Task<PlannedStep> PlanAsync(RunbookRun run, RunbookStep step, CancellationToken cancellationToken)
    {
        try
        {
            if (step.Approval is not null)
            {
                return new PlannedStep(step.Name, "approval", step.Approval, "somebody has to agree", true);
            }

            if (step.WaitUntil is not null)
            {
                string? against = ProbeCondition.Parse(step.WaitUntil).Against(queries, time.GetUtcNow().ToUnixTimeMilliseconds());
                return new PlannedStep(step.Name, "wait", $"{step.WaitUntil} within {step.Within.TotalSeconds:0} s", against is null ? "holds now" : "does not hold now: " + against, true);
            }

            string what = string.Join(' ', step.Args.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => $"{a.Key}={a.Value}").Prepend(step.Command!)) + " on " + step.On;
            return await AskAsync(run, step, what, cancellationToken);
        }
        catch (Exception e) when (e is CommandException or QueryLimitException)
        {
            return new PlannedStep(step.Name, step.Command is null ? "wait" : "command", step.Command ?? step.WaitUntil!, e.Message, false);
        }
    }

    private async Task<PlannedStep> AskAsync(RunbookRun run, RunbookStep step, string what, CancellationToken cancellationToken)
    {
        CommandRequest request = StepCommands.Request(run, step, id: null, dryRun: true);
        CommandPlan plan = intake.Preview(request);
        plan.RequireFit(skipUnfit: false);
        if (plan.Targets.FirstOrDefault(static t => !t.Attached) is { } away)
        {
            return new PlannedStep(step.Name, "command", what, $"{away.Name} is not attached now", false);
        }

        (Command command, _) = await intake.AcceptAsync(request);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await desk.SettledAsync(command, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PlannedStep(step.Name, "command", what, "its agent has not said in time what it would do", false);
        }

        (bool succeeded, string message) = commands.Result(command.Record.Id)!.Value;
        return new PlannedStep(step.Name, "command", what, message, succeeded);
    }

    /// <summary>What a step would do.</summary>
    /// <param name="Name">Of the step.</param>
    /// <param name="Type">command, wait or approval.</param>
    /// <param name="What">With its parameters.</param>
    /// <param name="Now">What it would do or find now.</param>
    /// <param name="Possible">Nothing speaks against it now.</param>
    public sealed record PlannedStep(string Name, string Type, string What, string Now, bool Possible);
}
