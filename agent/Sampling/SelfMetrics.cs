namespace HostAgent.Agent.Sampling;

/// <summary>Figures about the agent itself that other rooms own (spool, stream): the self sampler reads them at every tick.</summary>
public static class SelfMetrics
{
    private static readonly Lock Gate = new();
    private static (Metric Metric, Func<long> Read)[] _registered = [];

    /// <summary>All registrations in their order; a new array after each <see cref="Register"/>.</summary>
    internal static (Metric Metric, Func<long> Read)[] Registered => Volatile.Read(ref _registered);

    /// <summary>Adds a metric whose raw value <paramref name="read"/> returns. It is called on the tick thread once a tick: it must not
    /// block, throw or allocate. Registering the same name again replaces the function.</summary>
    public static void Register(Metric metric, Func<long> read)
    {
        lock (Gate)
        {
            int known = Array.FindIndex(_registered, one => one.Metric.Name == metric.Name);
            if (known < 0)
            {
                Volatile.Write(ref _registered, [.. _registered, (metric, read)]);
                return;
            }

            var copy = ((Metric, Func<long>)[])_registered.Clone();
            copy[known] = (metric, read);
            Volatile.Write(ref _registered, copy);
        }
    }
}
