using HostAgent.Agent.Linux;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Sampling;

/// <summary>Decides when ticks happen: at the multiples of an interval on the wall clock, each at most once, none after its time.</summary>
/// <remarks>
/// The thread sleeps on the monotonic clock, so setting the wall clock wakes nobody and is noticed at the next look: the difference of the two
/// clocks has changed by more than slewing does. Time spent suspended is told from that by CLOCK_BOOTTIME. After either,
/// the plan starts afresh from the new time and counts no skipped ticks for the stretch that nobody lived through.
/// </remarks>
internal sealed partial class TickPlan
{
    // NTP slews by at most 500 ppm (adjtime(3)), chrony by up to 10 %: what exceeds this in one look was set, not slewed.
    private static readonly TimeSpan SmallestJump = TimeSpan.FromMilliseconds(250);

    private readonly long _intervalMs;
    private readonly TimeProvider _time;
    private readonly ITickSleeper _sleeper;
    private readonly SamplingStatistics _statistics;
    private readonly ILogger _log;
    private readonly long _origin;

    private TimeSpan _offset;
    private TimeSpan _lastLook;
    private TimeSpan _suspended;
    private long _lastMs = long.MinValue;
    private long _plannedMs;

    /// <param name="interval">Time between two ticks.</param>
    /// <param name="time">Wall clock and monotonic clock.</param>
    /// <param name="sleeper">Knows the time spent suspended.</param>
    /// <param name="statistics">Where skipped ticks, clock jumps and suspends are counted.</param>
    /// <param name="log">Where jumps and suspends are told.</param>
    public TickPlan(TimeSpan interval, TimeProvider time, ITickSleeper sleeper, SamplingStatistics statistics, ILogger log)
    {
        _intervalMs = (long)interval.TotalMilliseconds;
        _time = time;
        _sleeper = sleeper;
        _statistics = statistics;
        _log = log;
        _origin = time.GetTimestamp();
        _suspended = sleeper.Suspended;
        _offset = WallClock - time.GetElapsedTime(_origin);
    }

    // Time since 1970.
    private TimeSpan WallClock => _time.GetUtcNow() - DateTimeOffset.UnixEpoch;

    /// <summary>How long to sleep until the planned tick.</summary>
    public TimeSpan UntilPlanned
    {
        get
        {
            TimeSpan left = TimeSpan.FromMilliseconds(_plannedMs) - WallClock;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>True when a tick is to happen now, at the planned instant <paramref name="tickMs"/>; false: sleep for <see cref="UntilPlanned"/>
    /// first. The very first tick happens at once, aligned to nothing: an agent has something to say as soon as it runs.</summary>
    public bool TryBegin(out long tickMs)
    {
        bool moved = Look(out long nowMs);
        if (_lastMs == long.MinValue)
        {
            _lastMs = tickMs = nowMs;
            return true;
        }

        tickMs = 0;
        if (nowMs < _plannedMs)
        {
            if (moved)
            {
                _plannedMs = NextAfter(nowMs);
            }

            return false;
        }

        // Woken late by more than an interval: the newest instant gets the tick, those before it are skipped.
        tickMs = Math.Max(_plannedMs, Floor(nowMs));
        if (!moved)
        {
            _statistics.SkippedTicks += (tickMs - _plannedMs) / _intervalMs;
        }

        _lastMs = tickMs;
        return true;
    }

    /// <summary>Plans the next tick once the one before is over. Instants that passed meanwhile are skipped and counted.</summary>
    public void End()
    {
        bool moved = Look(out long nowMs);
        _plannedMs = NextAfter(nowMs);
        if (!moved && nowMs > _lastMs)
        {
            _statistics.SkippedTicks += (Floor(nowMs) - Floor(_lastMs)) / _intervalMs;
        }
    }

    private long Floor(long unixMs) => unixMs - (unixMs % _intervalMs);

    // A clock set back by a little must not give the same instant twice; set back by much, going on in the old time would
    // mean silence, so times repeat and whoever reads them sees the jump.
    private long NextAfter(long nowMs)
    {
        long next = Floor(nowMs) + _intervalMs;
        long afterLast = Floor(_lastMs) + _intervalMs;
        return next < afterLast && afterLast - next <= 2 * _intervalMs ? afterLast : next;
    }

    // True when the wall clock was set or the machine suspended since the last look.
    private bool Look(out long nowMs)
    {
        TimeSpan wall = WallClock;
        TimeSpan monotonic = _time.GetElapsedTime(_origin);
        TimeSpan suspended = _sleeper.Suspended;
        TimeSpan slept = suspended - _suspended;
        TimeSpan jump = wall - monotonic - _offset;
        TimeSpan tolerance = SmallestJump + ((monotonic - _lastLook) / 10);
        _offset = wall - monotonic;
        _suspended = suspended;
        _lastLook = monotonic;

        // To the nearest millisecond: a sleep that ends some microseconds early by the wall clock has arrived.
        nowMs = (wall.Ticks + (TimeSpan.TicksPerMillisecond / 2)) / TimeSpan.TicksPerMillisecond;

        bool wasSuspended = slept > SmallestJump;
        if (wasSuspended)
        {
            _statistics.Suspends++;
            LogSuspended(_log, slept);
            jump -= slept;
        }

        bool jumped = jump.Duration() > tolerance;
        if (jumped)
        {
            _statistics.ClockJumps++;
            LogJumped(_log, jump);
        }

        return jumped || wasSuspended;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The machine was suspended for {Duration}")]
    private static partial void LogSuspended(ILogger logger, TimeSpan duration);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wall clock was set by {Jump}: ticks go on at the new time")]
    private static partial void LogJumped(ILogger logger, TimeSpan jump);
}
