using HostAgent.Agent.Commands.Journal;
using HostAgent.Protos.Commands;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>Takes orders and sees each through to its one final state. Thread-safe.</summary>
internal sealed partial class Executor(ExecutorSetup setup)
{
    // More than an operator ever has under way on one host; a flood is told so at once.
    private const int MaxUnderWay = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CommandRun> _underWay = new(StringComparer.Ordinal);
    private readonly CommandGates _gates = new(setup.Options.MaxConcurrent);
    private bool _isStopping;

    /// <summary>Commands that have not ended.</summary>
    public int UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _underWay.Count;
            }
        }
    }

    /// <summary>Takes an order. What becomes of it is reported; nothing is thrown and nothing is waited for but the journal's write.</summary>
    /// <param name="order">As it was given.</param>
    /// <param name="origin">Who gave it.</param>
    /// <param name="observer">Told every report of it besides the outbox, on any thread; null: nobody.</param>
    public void Submit(CommandOrder order, CommandOrigin origin, Action<CommandReport>? observer = null)
    {
        if (OrderForm.Fault(order, out byte[] digest) is { } fault)
        {
            Refuse(order.Body?.CommandId ?? "", $"the order is malformed: {fault}", observer);
            return;
        }

        string id = order.Body.CommandId;
        CommandRun run;
        lock (_gate)
        {
            if (setup.Journal.Find(id) is { } known)
            {
                Repeat(known, digest, observer);
                return;
            }

            if (_isStopping)
            {
                // Whoever ordered it keeps it and orders it again when this agent is back.
                return;
            }

            if (_underWay.Count >= MaxUnderWay)
            {
                Refuse(id, $"{MaxUnderWay} commands are under way on this host already", observer);
                return;
            }

            try
            {
                HandlerDefinition? definition = setup.Handlers.Define(order.Body.Kind);
                CommandEntry entry = setup.Journal.Receive(Secrets.Without(order, definition), digest, origin);
                run = new CommandRun(setup, _gates, entry, order, observer);
                _underWay.Add(id, run);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Refuse(id, e is JournalFullException ? e.Message : $"the agent cannot write its command journal, and does nothing that it cannot write down: {e.Message}", observer);
                return;
            }
        }

        LogReceived(setup.Log, id, order.Body.Kind, order.RequestedBy);
        setup.OnStep?.Invoke(id, "received");
        Start(run);
    }

    /// <summary>Ends a command that has not ended: one that has not begun never does.</summary>
    public void Cancel(string id, string reason)
    {
        CommandRun? run;
        lock (_gate)
        {
            run = _underWay.GetValueOrDefault(id);
        }

        if (run is not null)
        {
            LogCancelled(setup.Log, id, reason);
            run.Cancel(reason);
        }
        else if (setup.Journal.Find(id) is { HasEnded: true } known)
        {
            setup.Outbox.SendAgain(known.Report);
        }
    }

    /// <summary>Sees to what the last process left behind: what had begun is looked into and never done again, what had not is taken up.</summary>
    public void TakeUp()
    {
        foreach (CommandEntry entry in setup.Journal.Entries().Where(static entry => !entry.HasEnded))
        {
            var run = new CommandRun(setup, _gates, entry, entry.Order, observer: null);
            lock (_gate)
            {
                _underWay.Add(entry.Id, run);
            }

            LogTakenUp(setup.Log, entry.Id, entry.Kind, entry.State.Word());
            Start(run);
        }
    }

    /// <summary>The process ends: nothing new begins; what runs may finish within <paramref name="patience"/> and is then told to stop. What has no outcome by
    /// then is looked into at the next start.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        CommandRun[] runs;
        lock (_gate)
        {
            _isStopping = true;
            runs = [.. _underWay.Values];
        }

        foreach (CommandRun run in runs.Where(static run => !run.HasBegun))
        {
            run.Leave();
        }

        await WaitAsync(runs, patience * 0.7).ConfigureAwait(false);
        foreach (CommandRun run in runs)
        {
            run.Leave();
        }

        await WaitAsync(runs, patience * 0.3).ConfigureAwait(false);
    }

    private async Task WaitAsync(CommandRun[] runs, TimeSpan patience)
    {
        try
        {
            await Task.WhenAll(runs.Select(static run => run.Ended)).WaitAsync(patience, setup.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // They are told to stop next, or are looked into at the next start.
        }
    }

    private void Start(CommandRun run) => _ = Task.Run(async () =>
    {
        try
        {
            await run.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(run.Id);
            }
        }
    });

    private void Repeat(CommandEntry known, byte[] digest, Action<CommandReport>? observer)
    {
        if (!digest.AsSpan().SequenceEqual(known.Digest))
        {
            Refuse(known.Id, "another order with this id is known on this host; this one was not looked at", observer);
            return;
        }

        LogRepeated(setup.Log, known.Id, known.State.Word());
        observer?.Invoke(known.Report);
        setup.Outbox.SendAgain(known.Report);
    }

    private void Refuse(string id, string message, Action<CommandReport>? observer)
    {
        LogRefused(setup.Log, id.Length <= 32 ? id : id[..32], message);
        var report = new CommandReport
        {
            CommandId = id,
            State = CommandState.Rejected,
            TimeUnixMs = setup.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            Message = message,
        };
        observer?.Invoke(report);
        setup.Outbox.TrySend(report);
    }

    [LoggerMessage(73, LogLevel.Information, "Command {Id}: {Kind}, requested by {By}")]
    private static partial void LogReceived(ILogger log, string id, string kind, string by);

    [LoggerMessage(74, LogLevel.Warning, "Command {Id} is refused and not kept: {Reason}")]
    private static partial void LogRefused(ILogger log, string id, string reason);

    [LoggerMessage(75, LogLevel.Information, "Command {Id} was ordered again; it is {State} and nothing is done")]
    private static partial void LogRepeated(ILogger log, string id, string state);

    [LoggerMessage(76, LogLevel.Information, "Command {Id} is to be cancelled: {Reason}")]
    private static partial void LogCancelled(ILogger log, string id, string reason);

    [LoggerMessage(77, LogLevel.Warning, "Command {Id}: {Kind} was {State} when the last process ended")]
    private static partial void LogTakenUp(ILogger log, string id, string kind, string state);
}
