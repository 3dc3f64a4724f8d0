namespace HostAgent.Aggregator.Commands;

/// <summary>What can be asked about accepted commands, and done to them.</summary>
internal sealed class CommandDesk(CommandTable table, Dispatcher dispatcher, TimeProvider time)
{
    /// <summary>Reads a command under the lock.</summary>
    /// <exception cref="CommandException">There is none of this id.</exception>
    public T Read<T>(string id, Func<Command, T> read)
    {
        lock (table.Gate)
        {
            return read(table.Find(id) ?? throw CommandException.NoSuchCommand(id));
        }
    }

    /// <summary>Reads a command that somebody holds already.</summary>
    public T Read<T>(Command command, Func<Command, T> read)
    {
        lock (table.Gate)
        {
            return read(command);
        }
    }

    /// <summary>The command of this id, for <see cref="Read{T}(Command, Func{Command, T})"/>.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public Command Get(string id) => Read(id, static command => command);

    /// <summary>The newest commands accepted before a time.</summary>
    public IReadOnlyList<T> Newest<T>(long beforeUnixMs, int limit, Func<Command, T> read)
    {
        lock (table.Gate)
        {
            return [.. table.Newest(beforeUnixMs, limit).Select(read)];
        }
    }

    /// <summary>Ends a command: what has not been sent ends at once, agents that have the order are asked to give it up. Durable on return.</summary>
    /// <exception cref="CommandException">There is none, or it is over.</exception>
    public async Task<Command> CancelAsync(string id, string who, string reason)
    {
        Command command;
        Task durable;
        lock (table.Gate)
        {
            command = table.ActiveOf(id) is { Record.Phase: not CommandPhase.Concluded } open ? open
                : table.Find(id) is null ? throw CommandException.NoSuchCommand(id)
                : throw new CommandException(CommandFault.Conflict, $"Command {id} is over; there is nothing left to cancel.");
            string why = $"cancelled by {who}{(reason.Length > 0 ? ": " + reason : "")}";
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (command.Record.Cancelled is null)
            {
                dispatcher.Stop(command, command.Record with { Cancelled = why }, why, now);
            }

            durable = table.StoreAsync(command, [], commandToo: true);
            dispatcher.Recall(command, why);
            dispatcher.Conclude(command, now);
        }

        await durable;
        return command;
    }

    /// <summary>Adds an operator's signature; with the last one that is needed the command goes out. Durable on return.</summary>
    /// <exception cref="CommandException">There is none, it waits for nothing, or the operator has signed already.</exception>
    public async Task<Command> ApproveAsync(string id, SignatureRecord signature)
    {
        Command command;
        Task durable;
        lock (table.Gate)
        {
            command = table.ActiveOf(id) ?? (table.Find(id) is null ? throw CommandException.NoSuchCommand(id)
                : throw new CommandException(CommandFault.Conflict, $"Command {id} is over; there is nothing left to approve."));
            CommandRecord record = command.Record;
            if (record.Phase != CommandPhase.PendingApproval || record.Cancelled is not null)
            {
                throw new CommandException(CommandFault.Conflict, $"Command {id} does not wait for approval.");
            }

            SignatureRecord[] signatures = [.. record.Signatures, signature];
            Approvals.Check(signatures);
            bool enough = signatures.Length >= record.SignaturesNeeded;
            command.Set(record with { Signatures = signatures, Phase = enough ? CommandPhase.Open : CommandPhase.PendingApproval });
            durable = table.StoreAsync(command, [], commandToo: true);
            dispatcher.Advance(command); // its first orders become durable after the approval: the writer keeps the order
        }

        await durable;
        return command;
    }

    /// <summary>Completes when every run has ended or is overdue.</summary>
    public async Task SettledAsync(Command command, CancellationToken cancellationToken)
    {
        while (Read(command, static c => c.IsSettled ? null : c.Changed) is { } changed)
        {
            await changed.WaitAsync(cancellationToken);
        }
    }
}
