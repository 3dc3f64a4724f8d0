using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>Brings orders to agents and their reports back. A run is marked as sent durably before its order is written; a run that was sent is
/// handed over again at every attach until its agent reports on it: agents recognise a repeated order by its id and report instead of acting again.</summary>
internal sealed partial class Dispatcher(
    CommandTable table, AgentCatalog catalog, RolloutJudge judge, CommandMeters meters, TimeProvider time, ILogger<Dispatcher> log)
{
    private readonly Dictionary<string, AgentSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Agents that are attached now.</summary>
    public int Attached
    {
        get
        {
            lock (table.Gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>The host's agent is attached; under the table's lock.</summary>
    public bool IsAttached(string hostId) => _sessions.ContainsKey(hostId);

    /// <summary>An agent opens its call; an older call of the same host ends.</summary>
    public AgentSession Attach(CommandHello hello)
    {
        catalog.Said(hello);
        var session = new AgentSession(hello.HostId);
        AgentSession? older;
        lock (table.Gate)
        {
            older = _sessions.GetValueOrDefault(hello.HostId);
            _sessions[hello.HostId] = session;
        }

        older?.End("a newer call of the same host has taken its place");
        return session;
    }

    /// <summary>The call has been welcomed: what waits for this host goes out.</summary>
    public void Welcomed(AgentSession session)
    {
        lock (table.Gate)
        {
            foreach (Command command in table.Active.Where(c => c.Run(session.HostId) is { IsFinal: false }).ToArray())
            {
                Advance(command);
                if (command.Record.Cancelled is { } reason && command.Run(session.HostId) is { IsInFlight: true })
                {
                    session.Send(new AggregatorCommandMessage { Cancel = new CommandCancel { CommandId = command.Record.Id, Reason = reason } });
                }
            }
        }
    }

    /// <summary>The call is over.</summary>
    public void Detach(AgentSession session)
    {
        lock (table.Gate)
        {
            if (_sessions.GetValueOrDefault(session.HostId) == session)
            {
                _sessions.Remove(session.HostId);
            }
        }
    }

    /// <summary>Sends what may be sent and ends what must end; under the table's lock.</summary>
    public void Advance(Command command)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (command.Record.Phase == CommandPhase.Open)
        {
            RolloutJudge.Step step = judge.Next(command, IsAttached, now);
            while (step.NextBatch)
            {
                command.BatchSettledUnixMs = 0;
                command.Set(command.Record with { Batch = command.Record.Batch + 1 });
                Store(command, [], commandToo: true);
                step = judge.Next(command, IsAttached, now);
            }

            if (step.Stop is { } reason)
            {
                Stop(command, command.Record with { Stopped = reason }, "stopped before it was sent: " + reason, now);
            }

            foreach (HostRun run in step.Send)
            {
                command.Set(run, run.Record with { Sent = true, SentUnixMs = now });
            }

            if (step.Send.Count > 0)
            {
                Store(command, step.Send, commandToo: false);
            }
        }

        Deliver(command, now);
        Conclude(command, now);
    }

    /// <summary>Nothing more is sent: what has not been, ends as cancelled. Under the table's lock.</summary>
    public void Stop(Command command, CommandRecord record, string message, long now)
    {
        command.Set(record);
        HostRun[] unsent = [.. command.Runs.Where(static run => !run.Record.Sent && !run.IsFinal)];
        foreach (HostRun run in unsent)
        {
            End(command, run, CommandState.Cancelled, message, now);
        }

        Store(command, unsent, commandToo: true);
    }

    /// <summary>Asks the agents that have the order to give it up; under the table's lock.</summary>
    public void Recall(Command command, string reason)
    {
        foreach (HostRun run in command.Runs.Where(static run => run.IsInFlight))
        {
            _sessions.GetValueOrDefault(run.HostId)?.Send(
                new AggregatorCommandMessage { Cancel = new CommandCancel { CommandId = command.Record.Id, Reason = reason } });
        }
    }

    /// <summary>A final state that the aggregator itself sets; under the table's lock.</summary>
    public void End(Command command, HostRun run, CommandState state, string message, long now)
    {
        command.Set(run, run.Record with { State = state, Message = message, EndedUnixMs = now, Overdue = false });
        meters.Ended(command.Record.Kind, state);
    }

    /// <summary>Hands changes to the disk; what follows from their being durable follows then. Under the table's lock.</summary>
    public void Store(Command command, IReadOnlyCollection<HostRun> runs, bool commandToo)
        => _ = StoredAsync(command, table.StoreAsync(command, runs, commandToo));

    /// <summary>When every run is final, so is the command; under the table's lock.</summary>
    public void Conclude(Command command, long now)
    {
        if (command.Record.Phase != CommandPhase.Concluded && command.Runs.All(static run => run.IsFinal))
        {
            command.Set(command.Record with { Phase = CommandPhase.Concluded, ConcludedUnixMs = now });
            Store(command, [.. command.Runs.Where(static run => run.DurableVersion != run.Version)], commandToo: true);
        }
    }

    // An order that is past its not-after is handed over once more when it may have been sent before: its agent either has it and reports,
    // or refuses it as expired. Either way its state becomes known.
    private void Deliver(Command command, long now)
    {
        if (command.Record.Phase != CommandPhase.Open || (command.Record.Cancelled is not null && now <= command.Record.NotAfterUnixMs))
        {
            return;
        }

        CommandOrder? order = null;
        foreach (HostRun run in command.Runs)
        {
            if (run.Record is { Sent: true, State: CommandState.Pending } && run.DurableVersion == run.Version
                && _sessions.GetValueOrDefault(run.HostId) is { } session && run.WrittenTo != session)
            {
                run.WrittenTo = session;
                session.Send(new AggregatorCommandMessage { Order = order ??= command.ToAgent() }, command.AcceptedTimestamp);
            }
        }
    }

    private async Task StoredAsync(Command command, Task durable)
    {
        try
        {
            await durable;
        }
#pragma warning disable CA1031 // the sweep stores again whatever is not durable
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotStored(command.Record.Id, e);
            return;
        }

        lock (table.Gate)
        {
            Deliver(command, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "command {Id}: a change is not on disk yet and will be tried again")]
    private partial void LogNotStored(string id, Exception exception);
}
