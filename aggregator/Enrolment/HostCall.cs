namespace HostAgent.Aggregator.Enrolment;

/// <summary>One gRPC call of a host, open. A feature of its HTTP request.</summary>
internal sealed class HostCall : IDisposable
{
    private readonly HostCalls _calls;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer? _expiry;
    private string? _reason;

    public HostCall(HostCalls calls, HostCertificate host, TimeProvider time)
    {
        (_calls, Host) = (calls, host);
        Ended = _ended.Token;
        TimeSpan left = host.NotAfter - time.GetUtcNow();
        if (left > TimeSpan.Zero && left < TimeSpan.FromDays(40)) // a timer's longest wait; no call lasts that long
        {
            _expiry = time.CreateTimer(_ => End("the certificate that this call began with has ended", false), null, left, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Whose call it is.</summary>
    public HostCertificate Host { get; }

    /// <summary>Cancelled when the call has to end although neither side wishes so: the host was revoked or its certificate has ended.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Why.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Whether the host may not come back: it was revoked.</summary>
    public bool IsForbidden { get; private set; }

    /// <summary>Ends it; the first reason counts.</summary>
    public void End(string reason, bool isForbidden)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null)
        {
            return;
        }

        IsForbidden = isForbidden;
        try
        {
            // On another thread: what is registered there may wait for locks of whoever revokes.
            _ = _ended.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    public void Dispose()
    {
        _expiry?.Dispose();
        _calls.Remove(this);
        _ended.Dispose();
    }
}
