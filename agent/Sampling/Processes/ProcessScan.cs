using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Processes;

/// <summary>All processes, kept from scan to scan: who has come, who has ended, and what those use that matter.</summary>
/// <remarks>
/// Listing 2,000 processes costs 0.9 ms, reading the stat of each 12 to 20 ms. So all are listed at every scan, but read are only members of groups, those
/// that a list shows, those that were busy lately, new ones (twice: what a new process is shows after its exec), and the rest in turn: one in six where
/// groups are scanned every few seconds, 300 where there are only the lists and scans are rare. The stat files of members are kept open, which makes reading one a third cheaper and says for certain that the process
/// has ended; elsewhere the start time tells a number that was given away again. Allocates nothing but for more processes than ever before.
/// </remarks>
internal sealed class ProcessScan : IDisposable
{
    private const int RotationWithGroups = 6;
    private const int RestPerScan = 300;
    private const int LooksAtNew = 2;
    private const double Busy = 0.02;
    private const double RateMemorySeconds = 30;

    private readonly PidList _list;
    private readonly GroupRoster _roster;
    private readonly TopList[] _tops;
    private readonly int _maxOpen;
    private readonly Dictionary<int, WatchedProcess> _byPid = [];
    private readonly Stack<WatchedProcess> _free = [];
    private readonly byte[] _buffer = new byte[1024];
    private int _number;
    private int _rotation = 1;
    private int _open;

    /// <param name="list">Lists the processes.</param>
    /// <param name="files">Reads their files.</param>
    /// <param name="roster">Knows which belong to which group.</param>
    /// <param name="tops">The lists of the largest.</param>
    /// <param name="maxOpen">Stat files that are kept open at most.</param>
    public ProcessScan(PidList list, ProcessFiles files, GroupRoster roster, TopList[] tops, int maxOpen)
    {
        _list = list;
        Files = files;
        _roster = roster;
        _tops = tops;
        _maxOpen = maxOpen;
    }

    /// <summary>The files of processes.</summary>
    public ProcessFiles Files { get; }

    /// <summary>Every process that could be read, in no order.</summary>
    public List<WatchedProcess> All { get; } = [];

    /// <summary>Processes that are listed but may not be read (procfs mounted with hidepid), or whose text makes no sense.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Scans once. Returns 0, or the negated errno of listing.</summary>
    public int Run(Tick tick)
    {
        tick.Gate.Enter();
        int error = _list.Refresh();
        tick.Gate.Leave();
        if (error < 0)
        {
            return error;
        }

        _number++;
        _roster.BeginScan(tick);
        foreach (int pid in _list.Pids)
        {
            if (!_byPid.TryGetValue(pid, out WatchedProcess? process))
            {
                process = Begin(pid);
            }

            process.SeenIn = _number;
        }

        Unreadable = 0;
        _rotation = _roster.Groups.Length > 0 ? RotationWithGroups : Math.Max(1, (All.Count + RestPerScan - 1) / RestPerScan);
        for (int i = All.Count - 1; i >= 0; i--)
        {
            WatchedProcess process = All[i];
            if (process.SeenIn != _number || (IsDue(process) && !Read(tick, process)))
            {
                End(tick, i);
            }
        }

        // Only now is it known of every parent whether it belongs.
        _roster.AssignPidFiles(_byPid, All);
        foreach (WatchedProcess process in All)
        {
            if (process.Groups != process.Accounted)
            {
                _byPid.TryGetValue(process.Stat.Parent, out WatchedProcess? parent);
                _roster.Account(process, parent);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (WatchedProcess process in All)
        {
            CloseStat(process);
        }
    }

    private bool IsDue(WatchedProcess process) =>
        process.Looks < LooksAtNew || process.Groups != 0 || process.Lists != 0 || process.CpuRate > Busy || (process.Pid + _number) % _rotation == 0;

    private WatchedProcess Begin(int pid)
    {
        WatchedProcess process = _free.TryPop(out WatchedProcess? used) ? used : new WatchedProcess();
        process.Begin(pid);
        _byPid.Add(pid, process);
        All.Add(process);
        return process;
    }

    private void End(Tick tick, int index)
    {
        WatchedProcess process = All[index];
        All[index] = All[^1];
        All.RemoveAt(All.Count - 1);
        _byPid.Remove(process.Pid);
        Forget(tick, process);
        _free.Push(process);
    }

    // Whatever stood for the process that had this number ends with it.
    private void Forget(Tick tick, WatchedProcess process)
    {
        CloseStat(process);
        _roster.Leave(process);
        foreach (TopList top in _tops)
        {
            top.Remove(tick, process);
        }
    }

    // False when the process has ended since it was listed.
    private bool Read(Tick tick, WatchedProcess process)
    {
        int count = ReadStat(tick, process);
        if (count < 0 && ProcessFiles.MeansForbidden(-count))
        {
            Unreadable++;
            return true;
        }

        if (count <= 0)
        {
            return false;
        }

        // A text that makes no sense is counted and left alone; what was known stands.
        if (!ProcPidStat.TryParse(_buffer.AsSpan(0, count), out ReadOnlySpan<byte> name, out ProcessStat stat))
        {
            Unreadable++;
            return true;
        }

        long now = tick.Time.GetTimestamp();
        if (process.ReadAt != 0 && stat.StartTicks != process.Stat.StartTicks)
        {
            Forget(tick, process);
            process.Begin(process.Pid);
            process.SeenIn = _number;
        }

        long used = Math.Max(0, stat.CpuTicks - process.Stat.CpuTicks);
        if (process.ReadAt != 0)
        {
            double seconds = Math.Max(tick.Time.GetElapsedTime(process.ReadAt, now).TotalSeconds, 0.001);
            double fade = Math.Exp(-seconds / RateMemorySeconds);
            process.CpuRate = (process.CpuRate * fade) + (used / (double)SysconfCall.ClockTicksPerSecond / seconds * (1 - fade));
        }

        process.Stat = stat;
        process.ReadAt = now == 0 ? 1 : now;
        _roster.Use(process, used, 0, 0);
        if (process.TakeName(name) || process.Looks < LooksAtNew)
        {
            process.Looks++;
            process.Groups = _roster.GroupsOf(tick, process, Files);
        }

        return true;
    }

    private int ReadStat(Tick tick, WatchedProcess process)
    {
        tick.Gate.Enter();
        int descriptor = process.StatDescriptor;
        if (descriptor < 0)
        {
            descriptor = Files.Open(process.Pid, "/stat\0"u8);
        }

        int count = descriptor < 0 ? descriptor : PreadCall.Read(descriptor, _buffer, 0);
        tick.Gate.Leave();
        if (descriptor >= 0 && process.StatDescriptor < 0)
        {
            if (count > 0 && process.Groups != 0 && _open < _maxOpen)
            {
                process.StatDescriptor = descriptor;
                _open++;
            }
            else
            {
                CloseCall.Close(descriptor);
            }
        }

        return count;
    }

    private void CloseStat(WatchedProcess process)
    {
        if (process.StatDescriptor >= 0)
        {
            CloseCall.Close(process.StatDescriptor);
            process.StatDescriptor = -1;
            _open--;
        }
    }
}
