using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Commands;

/// <summary>The commands that are not concluded, in memory, and their way to the documents. Whoever touches a <see cref="Command"/> holds
/// <see cref="Gate"/>; nothing waits for the disk while holding it.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, Command> _active = new(StringComparer.Ordinal);
    private readonly CommandDocuments _documents;
    private readonly DocumentWriter _writer;

    public CommandTable(CommandDocuments documents, DocumentWriter writer)
    {
        (_documents, _writer) = (documents, writer);
        foreach (string id in documents.Open())
        {
            if (documents.Command(id) is { } record)
            {
                var command = new Command(record, documents.Runs(id));
                foreach (HostRun run in command.Runs.Where(static run => run.IsFinal))
                {
                    run.Load(documents.Output(id, run.HostId));
                }

                _active.Add(id, command);
            }
        }
    }

    /// <summary>Guards every command.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What is not concluded; under the lock.</summary>
    public IReadOnlyCollection<Command> Active => _active.Values;

    /// <summary>A command that is not concluded; under the lock.</summary>
    public Command? ActiveOf(string id) => _active.GetValueOrDefault(id);

    /// <summary>Any command; one that is concluded is read anew. Under the lock.</summary>
    public Command? Find(string id)
    {
        if (_active.TryGetValue(id, out Command? active))
        {
            return active;
        }

        if (_documents.Command(id) is not { } record)
        {
            return null;
        }

        var command = new Command(record, _documents.Runs(id));
        foreach (HostRun run in command.Runs)
        {
            run.Load(_documents.Output(id, run.HostId));
        }

        return command;
    }

    /// <summary>The newest commands accepted before a time, without their outputs. Under the lock.</summary>
    public IReadOnlyList<Command> Newest(long beforeUnixMs, int limit) =>
    [
        .. _documents.Newest(beforeUnixMs, limit)
            .Select(id => ActiveOf(id) ?? (_documents.Command(id) is { } record ? new Command(record, _documents.Runs(id)) : null))
            .OfType<Command>(),
    ];

    /// <summary>Makes a new command durable, then lets it be seen.</summary>
    public async Task AddAsync(Command command)
    {
        await _writer.CommitAsync([.. CommandDocuments.Created(command.Record)]);
        lock (Gate)
        {
            _active.Add(command.Record.Id, command);
        }
    }

    /// <summary>Hands runs, and the command itself when asked, to the disk as they are now; under the lock. Completes when they are durable.</summary>
    public Task StoreAsync(Command command, IReadOnlyCollection<HostRun> runs, bool commandToo)
    {
        var changes = new List<DocumentChange>();
        foreach (HostRun run in runs)
        {
            changes.Add(CommandDocuments.Changed(command.Record.Id, run.HostId, run.Record));
            if (run.IsFinal && run.OutputLength > 0)
            {
                changes.Add(CommandDocuments.Output(command.Record.Id, run.HostId, run.Output.ToArray()));
            }
        }

        bool concluded = command.Record.Phase == CommandPhase.Concluded;
        if (commandToo || concluded)
        {
            changes.Add(CommandDocuments.Changed(command.Record));
        }

        if (concluded)
        {
            changes.Add(CommandDocuments.Concluded(command.Record.Id));
        }

        return DurableAsync(_writer.CommitAsync(changes), command, [.. runs.Select(static run => (run, run.Version))], concluded);
    }

    /// <summary>Deletes concluded commands that were accepted before a time, a few at a time.</summary>
    public Task ForgetAsync(long beforeUnixMs)
    {
        CommandRecord[] old;
        lock (Gate)
        {
            old = [.. _documents.Oldest(beforeUnixMs, 16).Where(id => !_active.ContainsKey(id)).Select(_documents.Command).OfType<CommandRecord>()];
        }

        return old.Length == 0 ? Task.CompletedTask : _writer.CommitAsync([.. old.SelectMany(CommandDocuments.Forgotten)]);
    }

    private async Task DurableAsync(Task commit, Command command, (HostRun Run, long Version)[] runs, bool concluded)
    {
        await commit;
        lock (Gate)
        {
            foreach ((HostRun run, long version) in runs)
            {
                run.DurableVersion = Math.Max(run.DurableVersion, version);
            }

            // Only now: before, a reader of the documents would find it as it was. A run that changed meanwhile stores itself again.
            if (concluded && command.Runs.All(static run => run.DurableVersion == run.Version))
            {
                _active.Remove(command.Record.Id);
            }
        }
    }
}
