using HostAgent.TestSupport.Processes;

namespace HostAgent.Torture.Subjects;

/// <summary>The most memory that any process of a program was seen to use.</summary>
internal sealed class MemoryPeak
{
    /// <summary>Resident bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Looks now.</summary>
    public void Observe(ChildProcess? process)
    {
        if (process is { HasExited: false })
        {
            Bytes = Math.Max(Bytes, process.ResidentBytes());
        }
    }
}
