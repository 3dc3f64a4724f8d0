using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>Takes every run that is not over on, a few times a second, and from its checkpoint after a restart.</summary>
internal sealed partial class RunbookRunner(RunbookDocuments documents, RunbookShelf shelf, StepEngine engine, TimeProvider time, ILogger<RunbookRunner> log)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _working = new(1);
    private ITimer? _timer;
    private bool _stopped;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => _ = LookAsync(), null, Tick, Tick);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _working.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _working.Dispose();
    }

    /// <summary>Starts a runbook; the same id again gives the same run. Durable on return.</summary>
    /// <exception cref="CommandException">There is no such runbook, or a parameter is wrong.</exception>
    public async Task<RunbookRun> StartRunAsync(string id, string name, IReadOnlyDictionary<string, string> args, string who)
    {
        (Runbook runbook, string yaml, _) = shelf.Get(name);
        SortedDictionary<string, string> values = runbook.Complete(args);
        CheckConditions(runbook, values);
        return await ChangeAsync(() =>
        {
            if (documents.Run(id) is { } existing)
            {
                return existing.Runbook == name && existing.Args.SequenceEqual(values) ? existing
                    : throw new CommandException(CommandFault.Conflict, $"The id {id} belongs to another run.") { Field = "id" };
            }

            var run = new RunbookRun
            {
                Id = id,
                Runbook = name,
                Yaml = yaml,
                Args = values,
                RequestedBy = who,
                CreatedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Steps = [.. runbook.Steps.Select(static _ => new StepRecord())],
            };
            documents.Save(run);
            return run;
        });
    }

    /// <summary>One run.</summary>
    /// <exception cref="CommandException">There is none of this id.</exception>
    public RunbookRun Get(string id)
        => documents.Run(id) ?? throw new CommandException(CommandFault.NotFound, $"No run of a runbook has the id \"{id}\"; GET /v1/runbook-runs lists them.");

    /// <summary>The newest runs.</summary>
    public IReadOnlyList<RunbookRun> Newest(int limit) => [.. documents.Newest(limit)];

    /// <summary>Agrees to what a run waits for.</summary>
    /// <exception cref="CommandException">There is no such run, or it waits for nobody.</exception>
    public Task<RunbookRun> ApproveAsync(string id, string who) => ChangeAsync(() =>
    {
        RunbookRun run = Get(id);
        if (run.State != RunbookRunState.Approval || run.Cancelled is not null)
        {
            throw new CommandException(CommandFault.Conflict, $"Run {id} does not wait for approval.");
        }

        run = engine.Succeeded(run, "approved by " + who);
        documents.Save(run);
        return run;
    });

    /// <summary>Ends a run: its command is cancelled, nothing more begins.</summary>
    /// <exception cref="CommandException">There is no such run, or it is over.</exception>
    public Task<RunbookRun> CancelAsync(string id, string who, string reason) => ChangeAsync(() =>
    {
        RunbookRun run = Get(id);
        if (run.IsOver)
        {
            throw new CommandException(CommandFault.Conflict, $"Run {id} is over; there is nothing left to cancel.");
        }

        run = run with { Cancelled = $"cancelled by {who}{(reason.Length > 0 ? ": " + reason : "")}" };
        documents.Save(run);
        return run;
    });

    private static void CheckConditions(Runbook runbook, SortedDictionary<string, string> values)
    {
        for (int i = 0; i < runbook.Steps.Count; i++)
        {
            if (runbook.Step(i, values).WaitUntil is { } condition && ProbeCondition.Parse(condition).Selector is null)
            {
                throw CommandException.Invalid("yaml", $"Step {i + 1} waits for \"{condition}\", which only rollouts know; write a selector and a comparison.");
            }
        }
    }

    private async Task<RunbookRun> ChangeAsync(Func<RunbookRun> change)
    {
        await _working.WaitAsync();
        try
        {
            return change();
        }
        finally
        {
            _working.Release();
        }
    }

    private async Task LookAsync()
    {
        if (!_working.Wait(0))
        {
            return; // the look before is not over; the next one comes soon
        }

        try
        {
            foreach (RunbookRun run in documents.Open().ToArray())
            {
                await AdvanceAsync(run);
            }
        }
#pragma warning disable CA1031 // a timer's callback has nobody above it; the next look tries again from the checkpoint
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e);
        }
        finally
        {
            _working.Release();
        }
    }

    private async Task AdvanceAsync(RunbookRun run)
    {
        try
        {
            // Until there is nothing to do now; each advance is stored, so that a crash repeats at most one.
            while (!run.IsOver && await engine.AdvanceAsync(run, documents.Save) is var next && !ReferenceEquals(next, run))
            {
                documents.Save(next);
                run = next;
            }
        }
        catch (Exception e) when (e is StorageException or CommandException)
        {
            LogStuck(run.Id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "looking after the runbooks failed; the next look tries again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "run {Id} of a runbook could not go on; the next look tries again")]
    private partial void LogStuck(string id, Exception exception);
}
