using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Samplers;

/// <summary>How many processes there are by state.</summary>
/// <remarks>
/// The kernel has no count by state, so every process must be asked: 3 µs each with its file kept open, 8 µs else. Hence every 10 s, and
/// less often on a host with so many that this would cost more than 0.003 % of a core: the pause after a scan is at least
/// 30,000 times the CPU time that it took, up to 5 minutes. How many threads there are, how many run and how many wait for I/O the load and
/// cpu samplers say every second for nothing.
/// </remarks>
internal sealed class ProcessSampler : Sampler
{
    private const int PauseOverScan = 30_000;
    private const long LongestPauseMs = 300_000;
    private const int StatBufferBytes = 256;

    private static readonly Metric Processes = new("host_processes", MetricType.Gauge, "Processes by state; idle are kernel threads with nothing to do.");

    private static readonly (string Letters, string State)[] States =
    [
        ("R", "running"), ("S", "sleeping"), ("D", "blocked"), ("Z", "zombie"), ("Tt", "stopped"), ("I", "idle"), ("", "other"),
    ];

    private readonly ProcessList _processes;
    private readonly byte[] _buffer = new byte[StatBufferBytes];
    private readonly long[] _counts = new long[States.Length];
    private int[]? _ids;
    private long _pauseMs;
    private long _lastMs;

    private ProcessSampler(SamplerSetup setup) => _processes = new ProcessList(setup.Roots.Proc, setup.Count("max_open_files"));

    [ModuleInitializer]
    internal static void Register() => SamplerCatalog.Register(new SamplerDefinition
    {
        Name = "process",
        Help = "Processes by state from /proc/PID/stat; every 10 s because each process must be asked, less often where there are very many.",
        Metrics = [Processes],
        Interval = TimeSpan.FromSeconds(10),
        Options = [new("max_open_files", SamplerOptionKind.Count, "512", "How many stat files are kept open: reading one again costs a third of opening it.")],
        Create = setup => new ProcessSampler(setup),
    });

    public override SampleOutcome Sample(Tick tick)
    {
        // A scan ahead of its time leaves the tick out; a clock that was set back does not count as ahead.
        if (tick.UnixMs - _lastMs < _pauseMs && tick.UnixMs >= _lastMs)
        {
            return SampleOutcome.Skipped;
        }

        TimeSpan started = ClockGettimeCall.ThreadCpu;
        tick.Gate.Enter();
        int error = _processes.Refresh();
        tick.Gate.Leave();
        if (error < 0)
        {
            return SampleOutcome.Failed($"listing processes: {Errno.Describe(-error)}");
        }

        Array.Clear(_counts);
        foreach (int pid in _processes.Pids)
        {
            tick.Gate.Enter();
            ReadOnlySpan<byte> stat = _processes.ReadStat(pid, _buffer);
            tick.Gate.Leave();
            if (ProcPidStat.TryState(stat, out byte state))
            {
                _counts[IndexOf(state)]++;
            }
        }

        _processes.CloseGone();
        Store(tick);
        _lastMs = tick.UnixMs;
        _pauseMs = Math.Min((long)((ClockGettimeCall.ThreadCpu - started).TotalMilliseconds * PauseOverScan), LongestPauseMs);
        return SampleOutcome.Taken;
    }

    public override void Dispose() => _processes.Dispose();

    private static int IndexOf(byte state)
    {
        int index = 0;
        while (index < States.Length - 1 && !States[index].Letters.Contains((char)state))
        {
            index++;
        }

        return index;
    }

    private static int[] Announce(Tick tick) => [.. States.Select(one => tick.Table.Add(tick.Group, Processes, ("state", one.State)))];

    private void Store(Tick tick)
    {
        _ids ??= Announce(tick);
        for (int i = 0; i < _ids.Length; i++)
        {
            tick.Table.Set(_ids[i], _counts[i]);
        }
    }
}
