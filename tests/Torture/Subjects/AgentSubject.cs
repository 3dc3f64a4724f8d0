using System.Globalization;
using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;
using HostAgent.Torture.Lanes;
using HostAgent.Torture.Verification;

namespace HostAgent.Torture.Subjects;

/// <summary>One agent under torture: its state, its link to the aggregator, its trace, and how each of its processes ended.</summary>
internal sealed class AgentSubject(string name, string directory, TimeSpan interval, Chronicle chronicle) : IAsyncDisposable
{
    /// <summary>The name that the summary counts kills by.</summary>
    public const string KillCount = "agents ended by SIGKILL";

    private readonly List<EpochEnd> _ends = [];
    private ChildProcess? _process;
    private long _spoolTroubleAtMs = long.MinValue / 2;

    /// <summary>Its name in messages.</summary>
    public string Name => name;

    /// <summary>Which program runs: the release file, or the build that a library can be preloaded into.</summary>
    public required string Program { get; init; }

    /// <summary>Settings file for <c>--config</c>; null: none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Environment of the process.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The link to the aggregator.</summary>
    public TcpFaultProxy Link { get; } = new();

    /// <summary>Where it keeps its state.</summary>
    public string StateDirectory { get; init; } = Path.Combine(directory, "state");

    /// <summary>What it wrote down itself; on a disk that no fault touches.</summary>
    public string TracePath { get; } = Path.Combine(directory, "trace");

    /// <summary>Its standard error.</summary>
    public string LogPath { get; } = Path.Combine(directory, "log");

    /// <summary>The most memory seen.</summary>
    public MemoryPeak Memory { get; } = new();

    /// <summary>How its processes ended, by epoch.</summary>
    public IReadOnlyList<EpochEnd> Ends => _ends;

    /// <summary>How much resident memory it may use: the runtime of the build that is not a release file counts.</summary>
    public long MemoryLimitBytes => (Program == Programs.ManagedAgent ? 160 : 48) * 1048576L;

    /// <summary>Its identity. Written into the state directory before the first start: agents of one machine would else be one host.</summary>
    public string HostId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The running process.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{name} was not started");

    /// <summary>Starts it; does not wait.</summary>
    public void Start(string caFile)
    {
        string identity = Path.Combine(StateDirectory, "host-id");
        if (!File.Exists(identity))
        {
            Directory.CreateDirectory(StateDirectory);
            File.WriteAllText(identity, HostId + "\n");
        }

        List<string> argv =
        [
            Program, "run", "--aggregator", $"https://127.0.0.1:{Link.Port}", "--ca", caFile,
            "--token-file", Path.Combine(Path.GetDirectoryName(caFile)!, "enrolment.token"), "--state", StateDirectory,
            "--interval", $"{(int)interval.TotalMilliseconds}ms", "--trace", TracePath,
        ];
        if (ConfigFile is not null)
        {
            argv.AddRange(["--config", ConfigFile]);
        }

        _process = ChildProcess.Start(name, argv, LogPath, Variables);
        chronicle.Count("agent starts");
    }

    /// <summary>Throws when it has ended although nobody asked.</summary>
    public void MustRun()
    {
        if (Process.HasExited)
        {
            throw new InvalidOperationException($"{name} ended on its own with exit code {Process.ExitCode}:\n{Process.Tail()}");
        }
    }

    /// <summary>kill -9, noted.</summary>
    public async Task KillAsync()
    {
        MustRun();
        await Process.KillAsync();
        chronicle.Count(KillCount);
        NoteEnd(killed: true);
    }

    /// <summary>SIGTERM, noted; it must end within 5 s with exit code 0.</summary>
    public async Task TerminateAsync()
    {
        MustRun();
        (int code, TimeSpan took) = await Process.TerminateAsync(TimeSpan.FromSeconds(15));
        bool hadBegun = NoteEnd(killed: false);
        if (SpoolInTrouble || (!hadBegun && code == 128 + (int)UnixSignal.Terminate))
        {
            return; // it could not write what it had to write first; or it was not there yet, and had nothing to write
        }

        if (code != 0 || took > TimeSpan.FromSeconds(5))
        {
            throw new InvalidOperationException($"{name} took {took.TotalSeconds:0.0} s to end after SIGTERM, exit code {code}:\n{Process.Tail()}");
        }
    }

    /// <summary>Both sides of its story so far. The trace is read first, so the account may be newer while the agent runs.</summary>
    public async Task<HostEvidence> EvidenceAsync(EvidenceReader reader)
    {
        var trace = AgentTrace.Read(TracePath);
        return new HostEvidence
        {
            Host = name,
            Trace = trace,
            Ends = Ends,
            Account = await reader.AccountAsync(HostId),
            OpenEpoch = trace.LastEpoch,
            Spooled = [.. Directory.GetFiles(StateDirectory, "*.segment").Select(SegmentStart)],
            ClockJumps = Variables.Count > 0,
        };
    }

    /// <summary>Notes that its spool's disk is or was just now full or stalled.</summary>
    public void NoteSpoolTrouble() => _spoolTroubleAtMs = Environment.TickCount64;

    /// <summary>Notes that files of its spool were damaged: what any earlier epoch left there may be gone.</summary>
    public void NoteSpoolDamage()
    {
        foreach (ulong epoch in _ends.Select(e => e.Epoch).Distinct().ToList())
        {
            _ends.Add(new EpochEnd(epoch, Killed: false, SpoolRefused: true));
        }
    }

    /// <summary>Segments are named EPOCH-FIRST, 16 hex digits each (agent/Spool/FORMAT.md).</summary>
    private static FrameKey SegmentStart(string path)
    {
        string[] name = Path.GetFileNameWithoutExtension(path).Split('-');
        return new FrameKey(Convert.ToUInt64(name[0], 16), Convert.ToUInt64(name[1], 16));
    }

    private bool SpoolInTrouble => Environment.TickCount64 - _spoolTroubleAtMs < 10_000;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await Link.DisposeAsync();
    }

    /// <summary>Returns whether the process had produced a frame.</summary>
    private bool NoteEnd(bool killed)
    {
        string? last = File.Exists(TracePath) ? File.ReadLines(TracePath).LastOrDefault(l => l.StartsWith("frame ", StringComparison.Ordinal)) : null;
        if (last is not null)
        {
            ulong epoch = ulong.Parse(last.Split(' ')[1], CultureInfo.InvariantCulture);
            if (_ends.Exists(e => e.Epoch == epoch))
            {
                return false; // this process ended before its first frame: nothing to lose
            }

            _ends.Add(new EpochEnd(epoch, killed, SpoolInTrouble));
        }

        return last is not null;
    }
}
