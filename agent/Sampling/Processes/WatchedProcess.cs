using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Processes;

/// <summary>What is remembered of one process from scan to scan. The objects are used again for other processes.</summary>
internal sealed class WatchedProcess
{
    private const int MaxNameBytes = 64;

    private readonly byte[] _name = new byte[MaxNameBytes];
    private int _nameBytes;

    /// <summary>Its number.</summary>
    public int Pid { get; private set; }

    /// <summary>What the last reading said.</summary>
    public ProcessStat Stat { get; set; }

    /// <summary>Bit n: it belongs to group n.</summary>
    public ulong Groups { get; set; }

    /// <summary>Bit n: group n knows that it belongs.</summary>
    public ulong Accounted { get; set; }

    /// <summary>Bit n: it belongs to group n, and its parent did not when it joined: it is not a worker of another member.</summary>
    public ulong Roots { get; set; }

    /// <summary>Bit n: list n of the largest shows it.</summary>
    public int Lists { get; set; }

    /// <summary>CPU time per time, averaged over about half a minute; 1 is a whole core.</summary>
    public double CpuRate { get; set; }

    /// <summary>Times that it has been looked at for what groups it belongs to.</summary>
    public int Looks { get; set; }

    /// <summary>When its stat was last read, by the monotonic clock; 0: never.</summary>
    public long ReadAt { get; set; }

    /// <summary>Number of the scan that last found it.</summary>
    public int SeenIn { get; set; }

    /// <summary>Its stat file when that is kept open, else -1.</summary>
    public int StatDescriptor { get; set; }

    /// <summary>Open descriptors; -1: not known.</summary>
    public long Descriptors { get; set; }

    /// <summary>Bytes that it made storage read; -1: not known.</summary>
    public long ReadBytes { get; set; }

    /// <summary>Bytes that it made storage write; -1: not known.</summary>
    public long WrittenBytes { get; set; }

    /// <summary>Proportional set size; -1: not known.</summary>
    public long ProportionalBytes { get; set; }

    /// <summary>When its proportional set size was last asked for, by the monotonic clock; 0: never.</summary>
    public long ProportionalAt { get; set; }

    /// <summary>True when the kernel did not let us see its descriptors or its I/O.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>True when a reading of its memory (arguments, smaps) did not come back: such files are not touched again.</summary>
    public bool IsHazardous { get; set; }

    /// <summary>Its name.</summary>
    public ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameBytes);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes => Stat.ResidentPages * SysconfCall.PageBytes;

    /// <summary>Starts to stand for another process.</summary>
    public void Begin(int pid)
    {
        Pid = pid;
        Stat = default;
        (Groups, Accounted, Roots, Lists, Looks, ReadAt) = (0, 0, 0, 0, 0, 0);
        (CpuRate, StatDescriptor, ProportionalAt) = (0, -1, 0);
        (Descriptors, ReadBytes, WrittenBytes, ProportionalBytes) = (-1, -1, -1, -1);
        (IsForbidden, IsHazardous, _nameBytes) = (false, false, 0);
    }

    /// <summary>Takes its name. Returns true when it was another one before.</summary>
    public bool TakeName(ReadOnlySpan<byte> name)
    {
        name = name.Length > MaxNameBytes ? name[..MaxNameBytes] : name;
        if (name.SequenceEqual(Name))
        {
            return false;
        }

        name.CopyTo(_name);
        _nameBytes = name.Length;
        return true;
    }
}
