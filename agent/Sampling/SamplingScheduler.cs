using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using HostAgent.Agent.Linux;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Sampling;

/// <summary>Reads every sampler at its interval, all on one thread, one wake-up per tick, and hands each tick to the consumer.</summary>
/// <remarks>
/// The thread that calls <see cref="Run"/> supervises: every 5 s it looks whether a reading has been under way for longer than its
/// sampler's timeout. If so the ticks go on on a new thread without that sampler, until the call into the kernel comes back. Nothing of
/// this costs a healthy tick more than two interlocked operations per call.
/// </remarks>
public sealed class SamplingScheduler
{
    private const int StackBytes = 256 * 1024;

    // Ids are never used again within a generation; on a host where devices come and go all day a new generation bounds the table.
    private const int MaxEndedSeries = 8192;

    private static readonly TimeSpan SupervisionInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(2);

    private readonly SeriesTable _table;
    private readonly ITickConsumer _consumer;
    private readonly TimeProvider _time;
    private readonly ITickSleeper _sleeper;
    private readonly TickPlan _plan;
    private readonly SamplerSlot[] _slots;
    private readonly int[] _taken;
    private readonly ConcurrentQueue<(SamplerSlot Slot, TimeSpan Interval)> _newIntervals = new();
    private readonly TaskCompletionSource _ended = new();
    private TickRunner _runner;
    private ExceptionDispatchInfo? _fault;
    private volatile bool _stopping;

    /// <summary>Makes the samplers of the catalog that <paramref name="options"/> leave enabled, reading this machine's /proc and /sys.</summary>
    /// <exception cref="ArgumentException">An option is wrong: see <see cref="SamplingOptionsCheck"/>.</exception>
    public SamplingScheduler(SamplingOptions options, SeriesTable table, ITickConsumer consumer, TimeProvider time, ILoggerFactory logs)
        : this(options, table, consumer, time, logs, new LinuxRoots(), new PollSleeper(), SamplerCatalog.All)
    {
    }

    internal SamplingScheduler(
        SamplingOptions options, SeriesTable table, ITickConsumer consumer, TimeProvider time, ILoggerFactory logs,
        LinuxRoots roots, ITickSleeper sleeper, IReadOnlyList<SamplerDefinition> catalog)
    {
        SamplingOptionsCheck.ThrowOnProblem(options, catalog);
        _table = table;
        _consumer = consumer;
        _time = time;
        _sleeper = sleeper;
        _slots = SamplerSlots.Make(options, table, time, logs, roots, Statistics, catalog);
        _taken = new int[_slots.Length];
        TickInterval = table.Groups.Count > 0 ? table.Groups.Min(group => group.Interval) : options.Interval;
        _plan = new TickPlan(TickInterval, time, sleeper, Statistics, logs.CreateLogger<TickPlan>());
        _runner = new TickRunner(table, time);
    }

    /// <summary>Time between two ticks; every sampler's interval is a multiple of it.</summary>
    public TimeSpan TickInterval { get; }

    /// <summary>The samplers that run, by name, and their intervals.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Intervals => _slots.ToDictionary(static slot => slot.Name, static slot => slot.Interval, StringComparer.Ordinal);

    /// <summary>What is counted about the ticks.</summary>
    internal SamplingStatistics Statistics { get; } = new();

    /// <summary>Runs ticks until <paramref name="cancellationToken"/> ends them, at once even while a sampler hangs.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.Register(Stop);
        StartThread();
        TimeSpan wait = SupervisionInterval;
        try
        {
            while (!_ended.Task.Wait(wait, cancellationToken))
            {
                wait = Supervise();
            }
        }
        catch (OperationCanceledException)
        {
            // The tick that is under way may finish; one that hangs is left behind.
            _ended.Task.Wait(ShutdownPatience, CancellationToken.None);
        }

        foreach (SamplerSlot slot in _slots)
        {
            slot.Dispose();
        }

        _fault?.Throw();
    }

    /// <summary>Reads a sampler at another interval from the next tick on. May be called from any thread.</summary>
    /// <exception cref="ArgumentException">No such sampler runs, or the interval is out of bounds or no multiple of <see cref="TickInterval"/>.</exception>
    public void SetInterval(string sampler, TimeSpan interval)
    {
        SamplerSlot slot = _slots.FirstOrDefault(one => one.Name == sampler) ?? throw new ArgumentException($"no sampler {sampler} runs", nameof(sampler));
        if (interval < SamplingOptions.MinInterval || interval > SamplingOptions.MaxInterval || interval.Ticks % TickInterval.Ticks != 0)
        {
            throw new ArgumentException($"{interval.TotalSeconds:0.###} s is not from 0.1 s to 1 h in multiples of {TickInterval.TotalSeconds:0.###} s", nameof(interval));
        }

        _newIntervals.Enqueue((slot, interval));
    }

    /// <summary>Runs one tick at once on the calling thread, for <c>hostagent sample</c>: nobody supervises it.</summary>
    public void RunOnce()
    {
        _plan.TryBegin(out long tickMs);
        RunTick(_runner, tickMs);
        _plan.End();
    }

    /// <summary>Looks once whether the running tick hangs, and replaces its thread if so. Returns when to look again.</summary>
    internal TimeSpan Supervise()
    {
        TickRunner runner = _runner;
        if (runner.TimeLeft is not { } left)
        {
            return SupervisionInterval;
        }

        if (left > TimeSpan.Zero)
        {
            return left < SupervisionInterval ? left + TimeSpan.FromMilliseconds(1) : SupervisionInterval;
        }

        if (runner.TryAbandon() is { } slot)
        {
            slot.Abandon(_time.GetTimestamp());
            _runner = new TickRunner(_table, _time);
            _plan.End();
            StartThread();
        }

        return SupervisionInterval;
    }

    /// <summary>Runs ticks on the calling thread until stopped or abandoned.</summary>
    internal void RunTicks(TickRunner runner)
    {
        try
        {
            while (!_stopping)
            {
                if (!_plan.TryBegin(out long tickMs))
                {
                    _sleeper.Sleep(_plan.UntilPlanned);
                    continue;
                }

                RunTick(runner, tickMs);
                _plan.End();
                if (!_stopping)
                {
                    _sleeper.Sleep(_plan.UntilPlanned);
                }
            }
        }
        catch (AbandonedException)
        {
            // Another thread runs the ticks now; this one only says that the sampler is free again.
            runner.Current!.Return();
            return;
        }
        catch (Exception e)
        {
            // A consumer that throws is a bug that must not go unseen: it ends Run.
            _fault = ExceptionDispatchInfo.Capture(e);
        }

        _ended.TrySetResult();
    }

    private void RunTick(TickRunner runner, long tickMs)
    {
        if (_table.EndedIds.Length > MaxEndedSeries)
        {
            _table.Clear();
        }

        while (_newIntervals.TryDequeue(out (SamplerSlot Slot, TimeSpan Interval) change))
        {
            change.Slot.Interval = change.Interval;
            _table.SetInterval(change.Slot.Group, change.Interval);
        }

        int count = 0;
        runner.Tick.UnixMs = tickMs;
        foreach (SamplerSlot slot in _slots)
        {
            if (slot.IsDue(tickMs, _time) && runner.Sample(slot))
            {
                _taken[count++] = slot.Group;
            }
        }

        if (count > 0)
        {
            Statistics.Ticks++;
            _consumer.OnTick(tickMs, _taken.AsSpan(0, count), _table);
        }
    }

    private void Stop()
    {
        _stopping = true;
        _sleeper.WakeForGood();
    }

    private void StartThread()
    {
        TickRunner runner = _runner;
        new Thread(() => RunTicks(runner), StackBytes) { IsBackground = true, Name = "sampling" }.Start();
    }
}
