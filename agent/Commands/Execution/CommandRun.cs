using System.Diagnostics.CodeAnalysis;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Protos.Commands;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>The life of one command, from the journal's received record to its outcome.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It ends with RunAsync, which disposes of what it owns.")]
internal sealed partial class CommandRun
{
    private static readonly TimeSpan PlanPatience = TimeSpan.FromSeconds(30);

    // A handler that was told to stop has this long to leave the host in a state that it can name.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(24);
    private static readonly TimeSpan WriteAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ExecutorSetup _setup;
    private readonly CommandGates _gates;
    private readonly CommandEntry _entry;
    private readonly CommandOrder _order;
    private readonly Action<CommandReport>? _observer;
    private readonly Secrets _secrets;
    private readonly CommandVoice _voice;
    private readonly CommandJudgement _judgement;
    private readonly RunEnd _end = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isTakenUp;

    /// <param name="setup">What it works with.</param>
    /// <param name="gates">Shared by all commands.</param>
    /// <param name="entry">What the journal knows of it.</param>
    /// <param name="order">As it was given, secrets included; the journal's own copy when it is taken up after a start.</param>
    /// <param name="observer">Told every report of it.</param>
    public CommandRun(ExecutorSetup setup, CommandGates gates, CommandEntry entry, CommandOrder order, Action<CommandReport>? observer)
    {
        _setup = setup;
        _gates = gates;
        _entry = entry;
        _order = order;
        _observer = observer;
        _isTakenUp = ReferenceEquals(order, entry.Order);
        _secrets = Secrets.Of(order.Body, setup.Handlers.Define(entry.Kind));
        _voice = new CommandVoice(entry.Id, _secrets, setup.Outbox, setup.Time, observer);
        _judgement = new CommandJudgement(setup, order, entry.Origin);
    }

    /// <summary>32 hex digits.</summary>
    public string Id => _entry.Id;

    /// <summary>Its intent is in the journal.</summary>
    public bool HasBegun => _entry.BegunUnixMs != 0;

    /// <summary>Completes when nothing happens any more: it has its final state, or is left for the next start.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Somebody wants it to end.</summary>
    public void Cancel(string reason) => _end.Set(CommandState.Cancelled, $"cancelled: {reason}");

    /// <summary>The process ends: what this command has not written by then is found by looking at the next start.</summary>
    public void Leave() => _end.Set(CommandState.Unspecified, "");

    /// <summary>Sees it through.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await ConcludeAsync().ConfigureAwait(false) is { } outcome)
            {
                await WriteAsync(outcome).ConfigureAwait(false);
            }
        }
        finally
        {
            _end.Dispose();
            _ended.TrySetResult();
        }
    }

    private async Task<CommandReport?> ConcludeAsync()
    {
        try
        {
            return HasBegun ? await ReconcileAsync().ConfigureAwait(false) : await CarryOutAsync().ConfigureAwait(false);
        }
        catch (CommandRefusedException refused)
        {
            return Report(refused.State, refused.Message, refused.Results);
        }
        catch (OperationCanceledException) when (_end.IsSet)
        {
            return _end.State == CommandState.Unspecified ? null : Report(_end.State, HasBegun ? _end.Reason : $"{_end.Reason}; nothing was done");
        }
        catch (Exception error) when (!HasBegun)
        {
            LogUnexpected(_setup.Log, Id, error);
            return Report(CommandState.Rejected, $"the agent could not look at the host, and nothing was done: {error.Message}");
        }
        catch (Exception error)
        {
            LogUnexpected(_setup.Log, Id, error);
            return Report(CommandState.Failed, error.Message);
        }
    }

    private async Task<CommandReport?> CarryOutAsync()
    {
        if (_isTakenUp && (_entry.Origin != CommandOrigin.Aggregator || Secrets.HasLost(_order)))
        {
            throw CommandRefusedException.Rejected("the agent ended before it began; nothing was done; "
                + (_entry.Origin == CommandOrigin.Aggregator ? "it has secret arguments, which are not kept on disk: order it again" : "order it again if it is still wanted"));
        }

        _judgement.TargetAndTimes();
        if (_judgement.UntilNotBefore is { Ticks: > 0 } wait)
        {
            Kept();
            await Task.Delay(wait, _setup.Time, _end.Token).ConfigureAwait(false);
        }

        _judgement.BeforePlan();
        CommandHandler handler = _setup.Handlers[_entry.Kind];
        CommandContext context = Context();
        CommandPlan plan = await PlanAsync(handler, context).ConfigureAwait(false);
        IReadOnlyList<(string Subject, PolicyRule Rule)> decisions = _judgement.Allow(plan);
        if (_order.Body.DryRun)
        {
            _judgement.WithinBudget(decisions, _setup.Journal.Entries());
            return Report(CommandState.Succeeded, plan.Steps.Count == 0 ? "nothing would be done" : string.Join("; ", plan.Steps), plan.Facts);
        }

        while (true)
        {
            ValueTask<IDisposable> entering = _gates.EnterAsync(_judgement.Definition.Changes, [.. decisions.Select(static one => one.Subject)], _end.Token);
            bool hadToWait = !entering.IsCompleted;
            if (hadToWait)
            {
                Kept();
            }

            var place = new Releaser(await entering.ConfigureAwait(false));
            using (place)
            {
                if (hadToWait)
                {
                    // The host has gone on meanwhile.
                    string[] held = [.. decisions.Select(static one => one.Subject)];
                    plan = await PlanAsync(handler, context).ConfigureAwait(false);
                    decisions = _judgement.Allow(plan);
                    if (!decisions.Select(static one => one.Subject).SequenceEqual(held))
                    {
                        continue;
                    }
                }

                Begin(plan, decisions);
                return await ActAsync(handler, context, plan, place).ConfigureAwait(false);
            }
        }
    }

    private async Task<CommandPlan> PlanAsync(CommandHandler handler, CommandContext context)
    {
        using var patience = new CancellationTokenSource(PlanPatience, _setup.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _end.Token);
        try
        {
            CommandPlan plan = await handler.PlanAsync(context, both.Token).AsTask().WaitAsync(both.Token).ConfigureAwait(false);
            _setup.OnStep?.Invoke(Id, "planned");
            return plan;
        }
        catch (OperationCanceledException) when (!_end.IsSet)
        {
            throw CommandRefusedException.Rejected($"looking at the host took longer than {PlanPatience.TotalSeconds:0} s; nothing was done");
        }
    }

    private void Begin(CommandPlan plan, IReadOnlyList<(string Subject, PolicyRule Rule)> decisions)
    {
        _judgement.NotTooLate();
        _end.Token.ThrowIfCancellationRequested();
        var facts = ReportText.Results(plan.Facts, _secrets).ToDictionary(static fact => fact.Name, static fact => fact.Value);
        try
        {
            _setup.Journal.Begin(_entry, facts, entries => _judgement.WithinBudget(decisions, entries));
            _setup.Journal.Flush();
        }
        catch (IOException e)
        {
            // An intent that may or may not be on the disk: nothing was done, and the outcome says so before anything else can happen.
            throw CommandRefusedException.Rejected($"the agent cannot write its command journal, and does nothing that it cannot write down: {e.Message}");
        }

        _setup.OnStep?.Invoke(Id, "intent");
        _observer?.Invoke(_entry.Report);
    }

    private async Task<CommandReport?> ActAsync(CommandHandler handler, CommandContext context, CommandPlan plan, Releaser place)
    {
        TimeSpan timeout = _order.Body.TimeoutMs == 0 ? _judgement.Definition.DefaultTimeout : TimeSpan.FromMilliseconds(_order.Body.TimeoutMs);
        timeout = timeout < MaxTimeout ? timeout : MaxTimeout;
        using ITimer timer = _setup.Time.CreateTimer(
            _ => _end.Set(CommandState.TimedOut, $"it took longer than {timeout.TotalSeconds:0.###} s"), null, timeout, Timeout.InfiniteTimeSpan);
        Task<CommandOutcome> act = Task.Run(() => handler.RunAsync(context, plan, _end.Token).AsTask());
        await Task.WhenAny(act, _end.Whenever).ConfigureAwait(false);
        if (!act.IsCompleted && !_end.IsLeaving)
        {
            await Task.WhenAny(act, Task.Delay(StopPatience, _setup.Time)).ConfigureAwait(false);
        }

        if (!act.IsCompleted && !_end.IsLeaving)
        {
            // Its subjects stay taken until it has really ended.
            place.ReleaseAfter(act);
            return Report(_end.State, $"{_end.Reason}; it did not stop within {StopPatience.TotalSeconds:0} s of being told to and may still act");
        }

        CommandOutcome outcome = await act.ConfigureAwait(false);
        _setup.OnStep?.Invoke(Id, "acted");
        return Report(outcome.Succeeded ? CommandState.Succeeded : CommandState.Failed, outcome.Message, outcome.Results);
    }

    private async Task<CommandReport?> ReconcileAsync()
    {
        if (_setup.Handlers.Define(_entry.Kind) is not { } definition)
        {
            return Report(CommandState.UnknownReconciled, $"the agent ended while it ran, and this version knows no kind {_entry.Kind}: what it did is not known");
        }

        using IDisposable place = await _gates.EnterAsync(definition.Changes, [.. _entry.Subjects.Select(static run => run.Subject)], _end.Token).ConfigureAwait(false);
        ArgCheck.Check(definition.Args, _order.Body.Args.Where(static arg => arg.Value != Secrets.NotKept), out IReadOnlyDictionary<string, string> args);
        CommandOutcome? found = null;
        string why = "";
        using var patience = new CancellationTokenSource(PlanPatience, _setup.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _end.Token);
        try
        {
            found = await _setup.Handlers[_entry.Kind].ReconcileAsync(Context(args), _entry.Facts, _entry.BegunUnixMs, both.Token)
                .AsTask().WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!_end.IsSet)
        {
            why = $" ({error.Message})";
        }

        _setup.OnStep?.Invoke(Id, "reconciled");
        return found is not null
            ? Report(found.Succeeded ? CommandState.Succeeded : CommandState.Failed, $"the agent ended while it ran; seen afterwards: {found.Message}", found.Results)
            : definition.Changes
                ? Report(CommandState.UnknownReconciled, $"the agent ended while it ran, and what it did cannot be told from looking{why}; it is not repeated: look at the host")
                : Report(CommandState.Failed, "the agent ended while it looked; nothing was changed; order it again");
    }

    private async Task WriteAsync(CommandReport outcome)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                _setup.Journal.End(_entry, outcome);
                break;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Room was taken for it beforehand, so this is a broken disk. It is not reported before it is written: it could become another one.
                if (isFirst)
                {
                    LogNotWritten(_setup.Log, Id, outcome.State.Word(), e.Message);
                }
            }

            await Task.Delay(WriteAgainAfter, _setup.Time).ConfigureAwait(false);
            if (_end.IsLeaving)
            {
                return;
            }
        }

        LogEnded(_setup.Log, Id, outcome.State.Word(), outcome.Message);
        _setup.OnStep?.Invoke(Id, "outcome");
        _observer?.Invoke(_entry.Report);
    }

    // It has to wait: now the aggregator learns that it is here.
    private void Kept() => _setup.Journal.Flush();

    private CommandContext Context(IReadOnlyDictionary<string, string>? args = null) => new()
    {
        CommandId = Id,
        Args = args ?? _judgement.Args,
        Progress = _voice.Progress,
        Output = _voice.Output,
    };

    private CommandReport Report(CommandState state, string message, IReadOnlyDictionary<string, string>? results = null)
    {
        var report = new CommandReport
        {
            CommandId = Id,
            State = state,
            Message = ReportText.Bound(_secrets.Hide(message)),
            Percent = state == CommandState.Succeeded ? 100u : 0,
            OutputTruncated = _voice.IsCut,
        };
        report.Results.Add(ReportText.Results(results, _secrets));
        return report;
    }

    [LoggerMessage(78, LogLevel.Information, "Command {Id} is {State}: {Message}")]
    private static partial void LogEnded(ILogger log, string id, string state, string message);

    [LoggerMessage(79, LogLevel.Error, "Command {Id} is {State}, but that cannot be written to the journal: {Reason}. Trying again until it can")]
    private static partial void LogNotWritten(ILogger log, string id, string state, string reason);

    [LoggerMessage(80, LogLevel.Error, "Command {Id} met something that its handler does not expect; please report it")]
    private static partial void LogUnexpected(ILogger log, string id, Exception error);
}
