namespace HostAgent.Agent.Linux;

/// <summary>The part of timekeeping that <see cref="TimeProvider"/> does not have: sleeping a thread, and time spent suspended.</summary>
internal interface ITickSleeper
{
    /// <summary>How long the machine has been suspended since it started: the monotonic clock stood still meanwhile.</summary>
    public TimeSpan Suspended { get; }

    /// <summary>Sleeps for <paramref name="duration"/> of the monotonic clock, or less after a signal or <see cref="WakeForGood"/>.</summary>
    public void Sleep(TimeSpan duration);

    /// <summary>Ends the sleep of this moment and all later ones. From any thread.</summary>
    public void WakeForGood();
}
