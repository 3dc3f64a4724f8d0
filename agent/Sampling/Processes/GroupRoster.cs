using System.Numerics;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Processes;

/// <summary>The watched groups, and who belongs to which.</summary>
internal sealed class GroupRoster
{
    /// <summary>Groups at most: one bit each.</summary>
    public const int MaxGroups = 64;

    private readonly ProcessGroup[] _groups;
    private readonly string _tree;
    private readonly int[] _filedPids;
    private readonly byte[] _buffer = new byte[4096];
    private readonly bool _byArguments;
    private readonly bool _byCgroup;
    private WatchedProcess? _underRisk;

    /// <param name="groups">The groups.</param>
    /// <param name="tree">What stands before the paths of PID files.</param>
    public GroupRoster(ProcessGroup[] groups, string tree)
    {
        (_groups, _tree) = (groups, tree);
        _filedPids = new int[groups.Length];
        _byArguments = groups.Any(one => one.Rule.Kind == GroupRuleKind.Argv);
        _byCgroup = groups.Any(one => one.Rule.Kind is GroupRuleKind.Cgroup or GroupRuleKind.Unit);
    }

    /// <summary>The groups; the place of one is its bit.</summary>
    public ReadOnlySpan<ProcessGroup> Groups => _groups;

    /// <summary>Reads the PID files, and marks the process at which the last scan got stuck.</summary>
    public void BeginScan(Tick tick)
    {
        if (_underRisk is { } stuck)
        {
            stuck.IsHazardous = true;
            _underRisk = null;
        }

        for (int i = 0; i < _groups.Length; i++)
        {
            if (_groups[i].Rule.Kind == GroupRuleKind.PidFile)
            {
                tick.Gate.Enter();
                int pid = ReadPidFile(_tree + _groups[i].Rule.Text);
                tick.Gate.Leave();
                _groups[i].HasError = pid < 0;
                _filedPids[i] = pid;
            }
        }
    }

    /// <summary>Says that a file of this process is about to be read for which the kernel needs its memory lock, which a stuck process may hold.</summary>
    public void BeginRisk(WatchedProcess process) => _underRisk = process;

    /// <summary>The reading has come back.</summary>
    public void EndRisk() => _underRisk = null;

    /// <summary>Finds out to which groups a process belongs by its name, its arguments and its control group.</summary>
    public ulong GroupsOf(Tick tick, WatchedProcess process, ProcessFiles files)
    {
        ulong bits = 0;
        for (int i = 0; i < _groups.Length; i++)
        {
            GroupRule rule = _groups[i].Rule;
            bits |= rule.Kind == GroupRuleKind.Name && rule.MatchName(process.Name) ? 1UL << i : 0;
            bits |= rule.Kind == GroupRuleKind.PidFile ? process.Groups & (1UL << i) : 0;
        }

        if (_byCgroup)
        {
            tick.Gate.Enter();
            int count = files.Read(process.Pid, "/cgroup\0"u8, _buffer);
            tick.Gate.Leave();
            ReadOnlySpan<byte> path = count > 0 ? ProcPidCgroup.PathOf(_buffer.AsSpan(0, count)) : default;
            for (int i = 0; i < _groups.Length; i++)
            {
                bits |= _groups[i].Rule.Kind is GroupRuleKind.Cgroup or GroupRuleKind.Unit && _groups[i].Rule.MatchCgroup(path) ? 1UL << i : 0;
            }
        }

        if (_byArguments && !process.Stat.IsKernelThread && !process.IsHazardous)
        {
            bits |= ByArguments(tick, process, files);
        }

        return bits;
    }

    /// <summary>Gives the PID files their processes.</summary>
    public void AssignPidFiles(Dictionary<int, WatchedProcess> byPid, List<WatchedProcess> all)
    {
        for (int i = 0; i < _groups.Length; i++)
        {
            if (_groups[i].Rule.Kind != GroupRuleKind.PidFile)
            {
                continue;
            }

            ulong bit = 1UL << i;
            foreach (WatchedProcess process in all)
            {
                process.Groups &= process.Pid == _filedPids[i] ? ulong.MaxValue : ~bit;
            }

            if (_filedPids[i] > 0 && byPid.TryGetValue(_filedPids[i], out WatchedProcess? filed) && filed.ReadAt != 0)
            {
                filed.Groups |= bit;
            }
        }
    }

    /// <summary>Lets the groups know that a process has joined or left them.</summary>
    /// <param name="process">The process, with its groups of now.</param>
    /// <param name="parent">Its parent, when that is known.</param>
    public void Account(WatchedProcess process, WatchedProcess? parent)
    {
        for (ulong left = process.Accounted & ~process.Groups; left != 0; left &= left - 1)
        {
            Leave(process, BitOperations.TrailingZeroCount(left));
        }

        for (ulong joined = process.Groups & ~process.Accounted; joined != 0; joined &= joined - 1)
        {
            int index = BitOperations.TrailingZeroCount(joined);
            ulong bit = 1UL << index;
            bool isRoot = parent is null || (parent.Groups & bit) == 0;
            process.Roots |= isRoot ? bit : 0;
            _groups[index].Join(process, isRoot);
        }

        process.Accounted = process.Groups;
    }

    /// <summary>A process has ended.</summary>
    public void Leave(WatchedProcess process)
    {
        for (ulong bits = process.Accounted; bits != 0; bits &= bits - 1)
        {
            Leave(process, BitOperations.TrailingZeroCount(bits));
        }

        (process.Accounted, process.Groups, process.Roots) = (0, 0, 0);
    }

    /// <summary>A process has used so much since its last reading.</summary>
    public void Use(WatchedProcess process, long cpuTicks, long readBytes, long writtenBytes)
    {
        for (ulong bits = process.Accounted; bits != 0; bits &= bits - 1)
        {
            _groups[BitOperations.TrailingZeroCount(bits)].Use(cpuTicks, readBytes, writtenBytes);
        }
    }

    /// <summary>Adds all processes up, each in its groups.</summary>
    public void Sum(List<WatchedProcess> all)
    {
        foreach (ProcessGroup group in _groups)
        {
            group.BeginSum();
        }

        foreach (WatchedProcess process in all)
        {
            for (ulong bits = process.Accounted; bits != 0; bits &= bits - 1)
            {
                _groups[BitOperations.TrailingZeroCount(bits)].Sum(process);
            }
        }
    }

    private void Leave(WatchedProcess process, int index)
    {
        _groups[index].Leave((process.Roots & (1UL << index)) != 0);
        process.Roots &= ~(1UL << index);
    }

    private ulong ByArguments(Tick tick, WatchedProcess process, ProcessFiles files)
    {
        BeginRisk(process);
        tick.Gate.Enter();
        int count = files.Read(process.Pid, "/cmdline\0"u8, _buffer);
        tick.Gate.Leave();
        EndRisk();
        if (count <= 0)
        {
            return 0;
        }

        // proc_pid_cmdline(5): each argument ends in a zero byte.
        Span<byte> joined = _buffer.AsSpan(0, count).TrimEnd((byte)0);
        joined.Replace((byte)0, (byte)' ');
        ulong bits = 0;
        for (int i = 0; i < _groups.Length; i++)
        {
            bits |= _groups[i].Rule.Kind == GroupRuleKind.Argv && _groups[i].Rule.MatchArguments(joined) ? 1UL << i : 0;
        }

        return bits;
    }

    // The number in the file; 0: there is no file, so the program does not run; negative: it cannot be read or holds no number.
    private int ReadPidFile(string path)
    {
        int descriptor = OpenCall.Read(path);
        if (descriptor < 0)
        {
            return descriptor == -Errno.ENOENT ? 0 : -1;
        }

        int count = PreadCall.Read(descriptor, _buffer, 0);
        CloseCall.Close(descriptor);
        ReadOnlySpan<byte> text = count > 0 ? _buffer.AsSpan(0, count) : default;
        int end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        text = end < 0 ? text : text[..end];
        return KernelText.TakeNumber(ref text, out long pid) && pid is > 0 and <= int.MaxValue ? (int)pid : -1;
    }
}
