using HostAgent.TestSupport.Faults;
using HostAgent.Torture.Lanes;

namespace HostAgent.Torture.Subjects;

/// <summary>Where the programs keep their files: small disks of their own when this machine allows them, plain directories otherwise.</summary>
internal sealed class Disks : IDisposable
{
    private const int AggregatorMegabytes = 400;
    private const int AgentMegabytes = 12;

    /// <summary>Makes them under <paramref name="directory"/>.</summary>
    public Disks(string directory, Chronicle chronicle)
    {
        Aggregator = Make(directory, "data", AggregatorMegabytes);
        Agent = Make(directory, "spool", AgentMegabytes);
        if (!PrivateMounts.Active)
        {
            chronicle.Say("harness", "no disk faults: small disks need root and a mount namespace, which this machine does not allow");
        }
    }

    /// <summary>The aggregator's data.</summary>
    public (string Path, SmallDisk? Disk) Aggregator { get; }

    /// <summary>The state of the one agent whose disk gets into trouble.</summary>
    public (string Path, SmallDisk? Disk) Agent { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Aggregator.Disk?.Dispose();
        Agent.Disk?.Dispose();
    }

    private static (string Path, SmallDisk? Disk) Make(string directory, string name, int megabytes)
    {
        string path = Path.Combine(directory, name);
        if (!PrivateMounts.Active)
        {
            Directory.CreateDirectory(path);
            return (path, null);
        }

        return (path, SmallDisk.OfFile(path, $"{path}.img", megabytes));
    }
}
