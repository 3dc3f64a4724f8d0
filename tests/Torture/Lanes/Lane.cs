using System.Text;

namespace HostAgent.Torture.Lanes;

/// <summary>The faults of one part of the system (a program, a link, a disk), one after the other at random instants. Lanes run side by side,
/// so faults of different parts overlap.</summary>
internal sealed class Lane(string name, int seed, (double Least, double Most) gapSeconds, IReadOnlyList<Fault> faults)
{
    private readonly Random _random = new(seed ^ StableHash(name));

    /// <summary>Injects faults until <paramref name="end"/>; returns when the last one is undone.</summary>
    public async Task RunAsync(Chronicle chronicle, CancellationToken end)
    {
        while (true)
        {
            double gap = gapSeconds.Least + (_random.NextDouble() * (gapSeconds.Most - gapSeconds.Least));
            await Task.Delay(TimeSpan.FromSeconds(gap), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested)
            {
                return;
            }

            Fault fault = Choose();
            chronicle.Count(fault.Kind);
            await fault.ApplyAsync(new FaultMoment(name, fault.Kind, _random, chronicle, end));
        }
    }

    /// <summary>FNV-1a: the same in every process, unlike string.GetHashCode.</summary>
    private static int StableHash(string text)
        => unchecked((int)Encoding.UTF8.GetBytes(text).Aggregate(2166136261u, static (hash, b) => (hash ^ b) * 16777619u));

    private Fault Choose()
    {
        int at = _random.Next(faults.Sum(f => f.Weight));
        return faults.First(f => (at -= f.Weight) < 0);
    }
}
