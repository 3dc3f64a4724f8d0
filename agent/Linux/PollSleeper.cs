namespace HostAgent.Agent.Linux;

/// <summary>Sleeps on the monotonic clock with one system call and one wake-up, and can be woken early.</summary>
internal sealed class PollSleeper : ITickSleeper, IDisposable
{
    private readonly int _descriptor;

    /// <exception cref="IOException">The process has no descriptor left.</exception>
    public PollSleeper()
    {
        _descriptor = EventfdCall.Create();
        if (_descriptor < 0)
        {
            throw new IOException($"eventfd: {Errno.Describe(-_descriptor)}");
        }
    }

    /// <inheritdoc/>
    public TimeSpan Suspended => ClockGettimeCall.Suspended;

    /// <inheritdoc/>
    public void Sleep(TimeSpan duration) => _ = PollCall.Wait(_descriptor, PollCall.Readable, duration);

    /// <inheritdoc/>
    public void WakeForGood() => EventfdCall.Signal(_descriptor);

    /// <inheritdoc/>
    public void Dispose() => CloseCall.Close(_descriptor);
}
