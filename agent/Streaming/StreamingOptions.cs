namespace HostAgent.Agent.Streaming;

/// <summary>Where samples go and how patient the stream is.</summary>
public sealed record StreamingOptions
{
    /// <summary>Stands for an aggregator that was not given.</summary>
    public static readonly Uri Nowhere = new("https://aggregator.invalid");

    /// <summary>The aggregator, <c>https://host:port</c>. It has no default: without one there is nothing to run for.</summary>
    public Uri Aggregator { get; init; } = Nowhere;

    /// <summary>PEM file of the certificate authority that the aggregator's certificate must come from. Null: the authorities that this
    /// machine trusts. The certificate is always verified.</summary>
    public string? CaFile { get; init; }

    /// <summary>Longest time that the aggregator may hold an acknowledgement back, from 0 to 1 min; default 2 s. Fewer acknowledgements
    /// mean fewer wake-ups; it must stay well below the spool's patience.</summary>
    public TimeSpan MaxAckDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An aggregator that has not acknowledged for this long is taken for dead and connected to anew, from 5 s to 10 min;
    /// default 20 s.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Patience with a connection attempt, TLS and the aggregator's Welcome included, from 1 s to 2 min; default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Upper bound of the first pause before connecting again, from 100 ms to 1 min; default 1 s. It doubles with every failure; the
    /// pause taken is a random part of it, so that a thousand agents do not come back at once.</summary>
    public TimeSpan MinReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Upper bound of every pause, from 1 s to 1 h; default 60 s. Also the pause after a refusal.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Every value is told anew at least this often, from 10 s to 1 day; default 5 min.</summary>
    public TimeSpan FullInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most bytes per second that catching up may send, from 16 KiB to 1 GiB; default 2 MiB.</summary>
    public long BackfillBytesPerSecond { get; init; } = 2 << 20;
}
