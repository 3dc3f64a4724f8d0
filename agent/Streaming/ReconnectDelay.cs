namespace HostAgent.Agent.Streaming;

/// <summary>How long to wait before connecting again: a random part of a bound that doubles with every failure (full jitter).</summary>
/// <param name="min">First bound.</param>
/// <param name="max">Last bound.</param>
/// <param name="random">A number from 0 to 1, each time a new one.</param>
internal sealed class ReconnectDelay(TimeSpan min, TimeSpan max, Func<double> random)
{
    private int _failures;

    /// <summary>After a failure.</summary>
    public TimeSpan Next()
    {
        var bound = min * Math.Pow(2, Math.Min(_failures++, 30));
        return (bound < max ? bound : max) * random();
    }

    /// <summary>After a refusal: trying again soon cannot help, but somebody may mend the other side.</summary>
    public TimeSpan AfterRefusal() => max * (0.5 + (random() / 2));

    /// <summary>After a connection that held.</summary>
    public void Reset() => _failures = 0;
}
