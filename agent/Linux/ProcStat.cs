namespace HostAgent.Agent.Linux;

/// <summary>The content of /proc/stat.</summary>
/// <remarks>
/// proc_stat(5): <c>cpu user nice system idle iowait irq softirq steal guest guest_nice</c>, in USER_HZ, first for all CPUs, then <c>cpuN</c> for
/// each that is online; <c>intr</c> total and one number per interrupt; <c>ctxt</c> context switches; <c>btime</c> boot time in seconds
/// since the Epoch; <c>processes</c> forks since boot; <c>procs_running</c>; <c>procs_blocked</c> waiting for I/O; <c>softirq</c> total and one
/// number per kind. user includes guest, nice includes guest_nice.
/// </remarks>
internal sealed class ProcStat
{
    /// <summary>Numbers in a cpu line; a kernel that has fewer leaves the rest 0.</summary>
    public const int Columns = 10;

    // user nice system idle: what every kernel since 2.4 has.
    private const int LeastColumns = 4;

    private long[] _ticks = new long[16 * Columns];
    private int[] _cores = new int[16];

    /// <summary>Ticks of all CPUs together, by column.</summary>
    public long[] Total { get; } = new long[Columns];

    /// <summary>How many cpuN lines there are.</summary>
    public int CoreCount { get; private set; }

    /// <summary>Numbers N of the cpuN lines.</summary>
    public ReadOnlySpan<int> Cores => _cores.AsSpan(0, CoreCount);

    /// <summary>Interrupts since boot; -1 where the line is missing, as with all below.</summary>
    public long Interrupts { get; private set; }

    /// <summary>Context switches since boot.</summary>
    public long ContextSwitches { get; private set; }

    /// <summary>When the kernel started, in unix seconds.</summary>
    public long BootTimeSeconds { get; private set; }

    /// <summary>Processes and threads created since boot.</summary>
    public long Forks { get; private set; }

    /// <summary>Runnable threads.</summary>
    public long Running { get; private set; }

    /// <summary>Threads blocked on I/O.</summary>
    public long Blocked { get; private set; }

    /// <summary>Soft interrupts since boot.</summary>
    public long SoftInterrupts { get; private set; }

    /// <summary>Ticks of the <paramref name="index"/>-th core line, by column.</summary>
    public ReadOnlySpan<long> CoreTicks(int index) => _ticks.AsSpan(index * Columns, Columns);

    /// <summary>Reads the text. Returns null, or what is wrong with it; the content is then undefined.</summary>
    public string? Parse(ReadOnlySpan<byte> text)
    {
        if (!KernelText.IsWhole(text))
        {
            return "cut off";
        }

        CoreCount = 0;
        Interrupts = ContextSwitches = BootTimeSeconds = Forks = Running = Blocked = SoftInterrupts = -1;
        bool hasTotal = false;
        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (!KernelText.TakeWord(ref line, out ReadOnlySpan<byte> key))
            {
                continue;
            }

            if (key.StartsWith("cpu"u8))
            {
                if (!Cpu(key[3..], line))
                {
                    return "a cpu line has no four numbers";
                }

                hasTotal |= key.Length == 3;
            }
            else if (!Other(key, line))
            {
                return "a line has no number";
            }
        }

        return hasTotal ? null : "no cpu line";
    }

    private bool Cpu(ReadOnlySpan<byte> number, ReadOnlySpan<byte> line)
    {
        Span<long> ticks = Total;
        if (!number.IsEmpty)
        {
            if (!KernelText.TakeNumber(ref number, out long core) || core is < 0 or > int.MaxValue)
            {
                return false;
            }

            if (CoreCount == _cores.Length)
            {
                Array.Resize(ref _cores, CoreCount * 2);
                Array.Resize(ref _ticks, CoreCount * 2 * Columns);
            }

            _cores[CoreCount] = (int)core;
            ticks = _ticks.AsSpan(CoreCount++ * Columns, Columns);
        }

        int count = KernelText.TakeNumbers(ref line, ticks);
        ticks[count..].Clear();
        return count >= LeastColumns;
    }

    private bool Other(ReadOnlySpan<byte> key, ReadOnlySpan<byte> line)
    {
        if (!KernelText.TakeNumber(ref line, out long value))
        {
            // A line of a newer kernel may hold anything.
            return !IsKnown(key);
        }

        if (key.SequenceEqual("intr"u8))
        {
            Interrupts = value;
        }
        else if (key.SequenceEqual("ctxt"u8))
        {
            ContextSwitches = value;
        }
        else if (key.SequenceEqual("btime"u8))
        {
            BootTimeSeconds = value;
        }
        else if (key.SequenceEqual("processes"u8))
        {
            Forks = value;
        }
        else if (key.SequenceEqual("procs_running"u8))
        {
            Running = value;
        }
        else if (key.SequenceEqual("procs_blocked"u8))
        {
            Blocked = value;
        }
        else if (key.SequenceEqual("softirq"u8))
        {
            SoftInterrupts = value;
        }

        return true;
    }

    private static bool IsKnown(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("intr"u8) || key.SequenceEqual("ctxt"u8) || key.SequenceEqual("btime"u8) || key.SequenceEqual("processes"u8)
        || key.SequenceEqual("procs_running"u8) || key.SequenceEqual("procs_blocked"u8) || key.SequenceEqual("softirq"u8);
}
