using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Sampling;

/// <summary>One sampler in the scheduler: when it is due, how it fared, and its instance, made anew when the table starts a new generation.</summary>
internal sealed partial class SamplerSlot : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly SamplerSetup _setup;
    private readonly ILogger _log;
    private long _intervalMs;
    private Sampler? _sampler;
    private int _generation;
    private long _lastMs;
    private long _dueMs = long.MinValue;
    private long _hungAt;
    private int _hangs;
    private int _inUse;

    /// <param name="setup">What its sampler is made with.</param>
    /// <param name="group">Its group in the table.</param>
    /// <param name="interval">Time between two readings.</param>
    /// <param name="timeout">Longest reading.</param>
    /// <param name="statistics">What is counted about it.</param>
    public SamplerSlot(SamplerSetup setup, int group, TimeSpan interval, TimeSpan timeout, SamplerStatistics statistics)
    {
        _setup = setup;
        _log = setup.Log;
        _intervalMs = (long)interval.TotalMilliseconds;
        Group = group;
        Timeout = timeout;
        Statistics = statistics;
    }

    /// <summary>Its group in the table.</summary>
    public int Group { get; }

    /// <summary>Its sampler's name.</summary>
    public string Name => _setup.Definition.Name;

    /// <summary>Time between two readings. Set between two ticks only; counts from the next reading on.</summary>
    public TimeSpan Interval
    {
        get => TimeSpan.FromMilliseconds(Volatile.Read(ref _intervalMs));
        set
        {
            Volatile.Write(ref _intervalMs, (long)value.TotalMilliseconds);
            _dueMs = long.MinValue;
        }
    }

    /// <summary>Longest time a reading may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>What is counted about it.</summary>
    public SamplerStatistics Statistics { get; }

    /// <summary>True when it is to be read in the tick at <paramref name="tickMs"/>: its own instant has come (or passed unused), and it
    /// does not hang. A clock that was set back makes it due at once.</summary>
    public bool IsDue(long tickMs, TimeProvider time)
    {
        if (Volatile.Read(ref _inUse) != 0 || (tickMs < _dueMs && tickMs >= _lastMs))
        {
            return false;
        }

        // One that hung is left alone for a while: each time costs all others some seconds.
        return _hangs == 0 || Statistics.State != SampleOutcomeKind.Hung || time.GetElapsedTime(_hungAt) >= Pause();
    }

    /// <summary>Reads it once. Returns true when its series have new values.</summary>
    public bool Sample(Tick tick)
    {
        _lastMs = tick.UnixMs;
        _dueMs = tick.UnixMs - (tick.UnixMs % _intervalMs) + _intervalMs;
        tick.Group = Group;

        Volatile.Write(ref _inUse, 1);
        SampleOutcome outcome;
        long started = tick.Time.GetTimestamp();
        try
        {
            outcome = Instance(tick.Table).Sample(tick);
        }
        catch (Exception e) when (e is not Linux.AbandonedException)
        {
            outcome = SampleOutcome.Failed(e.ToString());
        }

        if (outcome.Kind == SampleOutcomeKind.Skipped)
        {
            Volatile.Write(ref _inUse, 0);
            return false;
        }

        Statistics.LastDurationNs = tick.Time.GetElapsedTime(started).Ticks * 100;
        Volatile.Write(ref _inUse, 0);
        Settle(outcome);
        return outcome.Kind == SampleOutcomeKind.Taken;
    }

    /// <summary>The supervisor has given up on the reading that is under way.</summary>
    public void Abandon(long timestamp)
    {
        _hungAt = timestamp;
        _hangs++;
        Statistics.Failures++;
        Statistics.State = SampleOutcomeKind.Hung;
        LogHung(_log, _setup.Definition.Name, Timeout, Pause());
    }

    /// <summary>The reading that was given up has come back.</summary>
    public void Return()
    {
        LogReturned(_log, _setup.Definition.Name);
        Volatile.Write(ref _inUse, 0);
    }

    /// <summary>Closes the sampler unless a reading of it hangs.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref _inUse) == 0)
        {
            _sampler?.Dispose();
            _sampler = null;
        }
    }

    private TimeSpan Pause()
    {
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(_hangs - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private Sampler Instance(SeriesTable table)
    {
        if (_sampler is null || _generation != table.Generation)
        {
            _sampler?.Dispose();
            _generation = table.Generation;
            _sampler = _setup.Definition.Create(_setup);
        }

        return _sampler;
    }

    private void Settle(SampleOutcome outcome)
    {
        if (outcome.Kind == SampleOutcomeKind.Failed)
        {
            Statistics.Failures++;
        }

        SampleOutcomeKind before = Statistics.State;
        Statistics.State = outcome.Kind;
        if (outcome.Kind == before)
        {
            return;
        }

        switch (outcome.Kind)
        {
            case SampleOutcomeKind.Failed:
                LogFailed(_log, _setup.Definition.Name, outcome.Reason);
                break;
            case SampleOutcomeKind.NothingToSay:
                LogNothingToSay(_log, _setup.Definition.Name, outcome.Reason);
                break;
            case SampleOutcomeKind.Taken when before is SampleOutcomeKind.Failed or SampleOutcomeKind.Hung:
                _hangs = 0;
                LogRecovered(_log, _setup.Definition.Name);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sampler {Name} has no data: {Reason}")]
    private static partial void LogFailed(ILogger logger, string name, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sampler {Name} has nothing to say any more: {Reason}")]
    private static partial void LogNothingToSay(ILogger logger, string name, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sampler {Name} has data again")]
    private static partial void LogRecovered(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Sampler {Name} hangs: a reading has not come back within {Timeout}. The others go on without it; it is tried again {Pause} later at the earliest")]
    private static partial void LogHung(ILogger logger, string name, TimeSpan timeout, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sampler {Name}: the reading that hung has come back")]
    private static partial void LogReturned(ILogger logger, string name);
}
