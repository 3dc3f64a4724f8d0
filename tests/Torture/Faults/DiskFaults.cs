using HostAgent.TestSupport.Faults;
using HostAgent.Torture.Lanes;

namespace HostAgent.Torture.Faults;

/// <summary>What happens to a disk: full, or every write waits.</summary>
internal static class DiskFaults
{
    /// <summary>Faults of one disk; <paramref name="trouble"/> hears true when trouble begins and false when it is over.</summary>
    public static IReadOnlyList<Fault> Of(SmallDisk disk, Action<bool> trouble) =>
    [
        new("disk full", 50, async moment =>
        {
            TimeSpan duration = moment.Between(0.5, 8);
            moment.Say($"for {duration.TotalSeconds:0.00} s");
            trouble(true);
            disk.Fill();
            await moment.WaitAsync(duration);
            disk.Free();
            trouble(false);
        }),
        new("disk stalled", 50, async moment =>
        {
            TimeSpan duration = moment.Between(0.3, 4);
            moment.Say($"for {duration.TotalSeconds:0.00} s");
            trouble(true);
            disk.Stall(duration);
            await Task.Delay(duration + TimeSpan.FromSeconds(0.2)); // not cut short: nothing could be ended on a stalled disk
            trouble(false);
        }),
    ];
}
