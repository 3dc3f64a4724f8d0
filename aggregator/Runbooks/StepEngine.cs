using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>Takes a run one step on. What it is about to do is stored first, so that a crash at any point
/// leads back to the same commands.</summary>
internal sealed class StepEngine(StepCommands commands, QueryEngine queries, TimeProvider time)
{
    private const long RetryEveryMs = 2000;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The run after one advance; the same instance when there is nothing to do now.</summary>
    public async Task<RunbookRun> AdvanceAsync(RunbookRun run, Action<RunbookRun> save)
    {
        Runbook runbook = RunbookParser.Parse(run.Yaml);
        if (run.State == RunbookRunState.RollingBack)
        {
            return await RollBackAsync(run, runbook, save);
        }

        StepRecord record = run.Steps[run.Current];
        if (run.Cancelled is { } reason)
        {
            if (record.CommandId is { } atWork)
            {
                await commands.CancelAsync(atWork, "runbook " + run.Runbook, reason);
            }

            return End(run.With(run.Current, record with { State = StepState.Failed, Message = reason, EndedUnixMs = Now }), RunbookRunState.Cancelled);
        }

        RunbookStep step = runbook.Step(run.Current, run.Args);
        if (record.State == StepState.Waiting)
        {
            RunbookRun begun = run.With(run.Current, record with { State = StepState.Running, Attempt = 1, StartedUnixMs = Now, Message = step.Approval ?? "" });
            return step.Approval is null ? begun : begun with { State = RunbookRunState.Approval };
        }

        return run.State == RunbookRunState.Approval ? run
            : step.WaitUntil is not null ? Wait(run, step, record)
            : await CommandAsync(run, step, record, save);
    }

    /// <summary>The run after its step went well, also by approval.</summary>
    public RunbookRun Succeeded(RunbookRun run, string message)
    {
        RunbookStep step = RunbookParser.Parse(run.Yaml).Steps[run.Current];
        RunbookRun done = run.With(run.Current, run.Steps[run.Current] with { State = StepState.Succeeded, Message = message, EndedUnixMs = Now });
        return step.EndOnSuccess || run.Current == run.Steps.Count - 1
            ? End(done, RunbookRunState.Succeeded)
            : done with { State = RunbookRunState.Running, Current = run.Current + 1 };
    }

    private RunbookRun Failed(RunbookRun run, RunbookStep step, string message)
    {
        RunbookRun failed = run.With(run.Current, run.Steps[run.Current] with { State = StepState.Failed, Message = message, EndedUnixMs = Now });
        return step.OnFailure switch
        {
            StepFailure.Rollback => failed with { State = RunbookRunState.RollingBack },
            StepFailure.Continue when run.Current < run.Steps.Count - 1 => failed with { Current = run.Current + 1 },
            StepFailure.Continue => End(failed, RunbookRunState.Succeeded),
            _ => End(failed, RunbookRunState.Failed),
        };
    }

    private RunbookRun Wait(RunbookRun run, RunbookStep step, StepRecord record)
    {
        string? against;
        try
        {
            against = ProbeCondition.Parse(step.WaitUntil!).Against(queries, Now);
        }
        catch (Exception e) when (e is CommandException or QueryLimitException)
        {
            return Failed(run, step, e.Message);
        }

        return against is null ? Succeeded(run, step.WaitUntil + " holds")
            : Now > record.StartedUnixMs + step.Within.TotalMilliseconds ? Failed(run, step, $"{step.WaitUntil} did not hold within {step.Within.TotalSeconds:0} s: {against}")
            : record.Message == against ? run
            : run.With(run.Current, record with { Message = against });
    }

    private async Task<RunbookRun> CommandAsync(RunbookRun run, RunbookStep step, StepRecord record, Action<RunbookRun> save)
    {
        if (record.CommandId is null)
        {
            if (Now < record.TriedUnixMs + RetryEveryMs)
            {
                return run;
            }

            record = record with { CommandId = StepCommands.IdOf(run.Id, run.Current, record.Attempt) };
            run = run.With(run.Current, record);
            save(run);
        }

        try
        {
            // Also after a crash: the same id and content is the same command.
            await commands.AskAsync(StepCommands.Request(run, step, record.CommandId));
        }
        catch (CommandException e)
        {
            return Retry(run, step, record, e.Message) ?? Failed(run, step, e.Message);
        }

        if (commands.Result(record.CommandId!) is not { } result)
        {
            string waiting = commands.Waiting(record.CommandId!) ?? "";
            return record.Message == waiting ? run : run.With(run.Current, record with { Message = waiting });
        }

        return result.Succeeded ? Succeeded(run, result.Message) : Retry(run, step, record, result.Message) ?? Failed(run, step, result.Message);
    }

    private RunbookRun? Retry(RunbookRun run, RunbookStep step, StepRecord record, string message)
        => step.Repeat && Now <= record.StartedUnixMs + step.Within.TotalMilliseconds
            ? run.With(run.Current, record with { Attempt = record.Attempt + 1, CommandId = null, TriedUnixMs = Now, Message = message })
            : null;

    // The last step first; the one that failed, too: it may have done half of its work.
    private async Task<RunbookRun> RollBackAsync(RunbookRun run, Runbook runbook, Action<RunbookRun> save)
    {
        for (int i = run.Current; i >= 0; i--)
        {
            StepRecord record = run.Steps[i];
            RunbookStep step = runbook.Step(i, run.Args);
            if (step.Rollback is not { } back || record.CommandId is null || record.State is not (StepState.Succeeded or StepState.Failed))
            {
                continue;
            }

            if (record.RollbackId is null)
            {
                record = record with { RollbackId = StepCommands.IdOf(run.Id, i, record.Attempt, rollback: true) };
                run = run.With(i, record);
                save(run);
            }

            (bool Succeeded, string Message)? result;
            try
            {
                await commands.AskAsync(StepCommands.Request(run, step with { Command = back.Command, Args = back.Args }, record.RollbackId));
                result = commands.Result(record.RollbackId!);
            }
            catch (CommandException e)
            {
                result = (false, e.Message);
            }

            return result is not { } end ? run : run.With(i, record with
            {
                State = end.Succeeded ? StepState.RolledBack : StepState.RollbackFailed,
                Message = $"{record.Message}; taken back: {end.Message}",
            });
        }

        return End(run, RunbookRunState.Failed);
    }

    private RunbookRun End(RunbookRun run, RunbookRunState state) => run with
    {
        State = state,
        EndedUnixMs = Now,
        Steps = [.. run.Steps.Select(static step => step.State == StepState.Waiting ? step with { State = StepState.Skipped } : step)],
    };
}
