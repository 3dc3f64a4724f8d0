namespace HostAgent.Torture.Lanes;

/// <summary>One fault of a lane as it happens: the lane's random numbers, its voice, and a wait that the end of the run cuts short.</summary>
internal sealed class FaultMoment(string lane, string kind, Random random, Chronicle chronicle, CancellationToken end)
{
    /// <summary>The lane's random numbers: use these alone, so that a seed repeats the schedule.</summary>
    public Random Random => random;

    /// <summary>A duration between the two, in seconds.</summary>
    public TimeSpan Between(double least, double most) => TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));

    /// <summary>Notes what is about to happen.</summary>
    public void Say(string details) => chronicle.Say(lane, $"{kind} {details}".TrimEnd());

    /// <summary>Waits, but not beyond the end of the run.</summary>
    public Task WaitAsync(TimeSpan duration) => Task.Delay(duration, end).ContinueWith(static _ => { }, TaskScheduler.Default);
}
