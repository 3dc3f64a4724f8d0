using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands.Journal;

/// <summary>What was ordered, begun and done on this host, on disk and in memory. One process writes it. Thread-safe.</summary>
internal sealed partial class CommandJournal : IDisposable
{
    /// <summary>Name of the file in the state directory.</summary>
    public const string FileName = "commands.journal";

    // Room that is taken before a command begins, so that its outcome can be written whatever happens to the disk meanwhile.
    private const int OutcomeRoomBytes = 64 * 1024;

    private readonly Lock _gate = new();

    // Taken alone or within the other one, never the other way round: nobody who only looks waits for the disk.
    private readonly Lock _flushGate = new();
    private readonly string _path;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ReportOutbox _outbox;
    private readonly ILogger _log;
    private readonly string _directory;
    private FileStream? _lock;
    private JournalState _state;
    private JournalFile? _file;
    private long _rewriteAt;
    private ulong _written;
    private ulong _flushed;
    private int _running;

    /// <summary>Opens the journal of a state directory, or makes it. When that does not go, commands are refused with the reason and it is tried again for each.</summary>
    public CommandJournal(string directory, JournalOptions options, TimeProvider time, ReportOutbox outbox, ILogger log)
    {
        _directory = directory;
        _path = Path.Combine(directory, FileName);
        _options = options;
        _time = time;
        _outbox = outbox;
        _log = log;
        _state = JournalState.Replay([], NowMs);
        try
        {
            Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_log, _path, e.Message);
        }
    }

    /// <summary>Reads a journal without writing to it, also while another process does.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static JournalState Look(string directory, TimeProvider time)
    {
        string path = Path.Combine(directory, FileName);
        return JournalState.Replay(
            System.IO.File.Exists(path) ? JournalReader.Read(System.IO.File.ReadAllBytes(path)).Records : [], time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>True when it can be written.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>Orders whose not-after is not later than this are never begun: the journal may have forgotten that they were.</summary>
    public long ForgottenUnixMs
    {
        get
        {
            lock (_gate)
            {
                return _state.ForgottenUnixMs;
            }
        }
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>All that is known, oldest first.</summary>
    public IReadOnlyList<CommandEntry> Entries()
    {
        lock (_gate)
        {
            return [.. _state.Entries.Values.OrderBy(static entry => entry.ReceivedUnixMs)];
        }
    }

    /// <summary>The command with this id; null: it was never received, or is forgotten.</summary>
    public CommandEntry? Find(string id)
    {
        lock (_gate)
        {
            return _state.Entries.GetValueOrDefault(id);
        }
    }

    /// <summary>Writes that an order was received; on disk for certain after the next <see cref="Flush"/>.</summary>
    /// <exception cref="JournalFullException">No room, and nothing may be forgotten.</exception>
    /// <exception cref="IOException">The disk refuses, for instance because it is full.</exception>
    public CommandEntry Receive(CommandOrder withoutSecrets, byte[] digest, CommandOrigin origin)
    {
        string id = withoutSecrets.Body.CommandId;
        byte[] content = JournalContent.Received(id, digest, origin, withoutSecrets);
        lock (_gate)
        {
            Open();
            MakeRoom(content.Length);
            File().Reserve(content.Length + ((_running + 1L) * OutcomeRoomBytes));
            JournalRecord record = Append(RecordType.Received, content);
            CommandEntry entry = JournalContent.ReadReceived(record);
            _state.Entries.Add(id, entry);
            _outbox.Add(entry.Report);
            return entry;
        }
    }

    /// <summary>Writes that a command begins, after a last look at all others. On disk for certain after the next <see cref="Flush"/>, which must come before
    /// the act.</summary>
    /// <param name="entry">The command.</param>
    /// <param name="facts">What its plan saw.</param>
    /// <param name="judge">Given all commands: the subjects with their places in the chain, or throws; nothing is written then.</param>
    /// <exception cref="IOException">The disk refuses, for instance because it is full.</exception>
    public void Begin(CommandEntry entry, IReadOnlyDictionary<string, string> facts, Func<IEnumerable<CommandEntry>, IReadOnlyList<SubjectRun>> judge)
    {
        lock (_gate)
        {
            IReadOnlyList<SubjectRun> subjects = judge(_state.Entries.Values);
            var report = new CommandReport { CommandId = entry.Id, State = CommandState.Running };
            report.Results.Add(facts.Select(static fact => new Arg { Name = fact.Key, Value = fact.Value }));
            byte[] content = JournalContent.Intent(entry.Id, subjects, report);
            File().Reserve(content.Length + ((_running + 1L) * OutcomeRoomBytes));
            _state.Apply(Append(RecordType.Intent, content));
            _running++;
            _outbox.Add(entry.Report);
        }
    }

    /// <summary>Writes what became of a command, waits until it is on the disk, and lets the report leave.</summary>
    /// <exception cref="IOException">The disk refuses: the outcome is not recorded.</exception>
    public void End(CommandEntry entry, CommandReport outcome)
    {
        lock (_gate)
        {
            if (entry.HasEnded)
            {
                throw new InvalidOperationException($"command {entry.Id} has ended already");
            }

            bool hasBegun = entry.BegunUnixMs != 0;
            _state.Apply(Append(RecordType.Outcome, JournalContent.Outcome(entry.Id, outcome)));
            _running -= hasBegun && _running > 0 ? 1 : 0;
            _outbox.Add(entry.Report);
        }

        Flush();
    }

    /// <summary>Waits until everything written is on the disk, and lets its reports leave.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Flush()
    {
        ulong wanted = Volatile.Read(ref _written);
        lock (_flushGate)
        {
            if (_flushed < wanted)
            {
                // What others have written meanwhile comes along.
                ulong reached = Volatile.Read(ref _written);
                _file?.Flush();
                _flushed = reached;
            }
        }

        _outbox.SetDurable(wanted);
    }

    /// <summary>The aggregator has made the reports up to this sequence durable.</summary>
    public void Acknowledge(ulong sequence)
    {
        if (!_outbox.Acknowledge(sequence))
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                _state.Apply(Append(RecordType.Acked, JournalContent.Number((long)Math.Min(sequence, _state.LastSequence))));
                RewriteIfGrown();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Then the reports are sent again after the next start.
                LogNotWritten(_log, _path, e.Message);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            lock (_flushGate)
            {
                _file?.Dispose();
                _lock?.Dispose();
                (_file, _lock) = (null, null);
            }
        }
    }

    private JournalFile File() => _file ?? throw new IOException($"{_path} is not open");

    private void Open()
    {
        if (_file is not null)
        {
            return;
        }

        FileStream held = TakeLock();
        try
        {
            JournalReader found = JournalReader.Read(System.IO.File.Exists(_path) ? System.IO.File.ReadAllBytes(_path) : []);
            if (found.IsDamaged)
            {
                System.IO.File.Copy(_path, _path + ".damaged", overwrite: true);
                LogDamaged(_log, _path, found.Records.Count);
            }

            JournalState state = JournalState.Replay(found.Records, NowMs);
            _file = found.GoodBytes == 0 || found.IsDamaged ? JournalFile.Replace(_path, found.Records) : JournalFile.Open(_path, found.GoodBytes, found.IsTorn);
            _file.Flush();
            _state = state;
            _lock = held;
        }
        catch
        {
            held.Dispose();
            throw;
        }

        _flushed = _written = _state.LastSequence;
        _rewriteAt = _file.UsedBytes + _options.RewriteAfterBytes;
        foreach (CommandReport report in _state.Unacknowledged())
        {
            _outbox.Add(report);
        }

        _outbox.SetDurable(_flushed);
    }

    private FileStream TakeLock()
    {
        string path = Path.Combine(_directory, "commands.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (System.IO.File.Exists(path))
        {
            throw new IOException($"another process writes {_path}, or its lock cannot be opened: {e.Message}", e);
        }
    }

    private JournalRecord Append(RecordType type, byte[] content)
    {
        var record = new JournalRecord(_state.LastSequence + 1, NowMs, type, content);
        File().Append(record);
        _state.LastSequence = record.Sequence;
        Volatile.Write(ref _written, record.Sequence);
        return record;
    }

    private void MakeRoom(int bytes)
    {
        bool IsFull() => _state.Entries.Count >= _options.MaxCommands || File().UsedBytes + bytes > _options.MaxBytes;
        if (IsFull())
        {
            Rewrite();
            if (IsFull())
            {
                throw new JournalFullException(
                    $"the agent's command journal is full ({_state.Entries.Count} commands, {File().UsedBytes} bytes) and none of them may be forgotten yet: "
                    + "a command is kept until its not-after has passed, its report is acknowledged and no budget counts it");
            }
        }
    }

    private void RewriteIfGrown()
    {
        if (File().UsedBytes >= _rewriteAt)
        {
            Rewrite();
        }
    }

    private void Rewrite()
    {
        lock (_flushGate)
        {
            HashSet<string> forgotten = _state.Forgettable(NowMs, _options);
            long until = Math.Max(_state.ForgottenUnixMs, _state.Entries.Values.Where(entry => forgotten.Contains(entry.Id))
                .Select(static entry => entry.Order.Body.NotAfterUnixMs).DefaultIfEmpty().Max());
            JournalReader old = JournalReader.Read(System.IO.File.ReadAllBytes(_path));
            JournalFile made = JournalFile.Replace(_path, _state.Rewritten(old.Records, forgotten, until, NowMs));
            File().Dispose();
            _file = made;
            _state.Forget(forgotten, until);
            _flushed = _state.LastSequence;
            _file.Reserve((_running + 1L) * OutcomeRoomBytes);
            _rewriteAt = _file.UsedBytes + _options.RewriteAfterBytes;
        }
    }

    [LoggerMessage(71, LogLevel.Error, "{Path} was damaged; {Records} records of it are sound and were kept. A copy is kept as *.damaged. A command whose record is gone can be repeated if its order comes again")]
    private static partial void LogDamaged(ILogger log, string path, int records);

    [LoggerMessage(72, LogLevel.Error, "Cannot write {Path}: {Reason}")]
    private static partial void LogNotWritten(ILogger log, string path, string reason);
}
