namespace HostAgent.Agent.Sampling.Processes;

/// <summary>One watched group: its rule, what its processes add up to, and its series.</summary>
/// <remarks>Counters hold what processes used that have ended since; what a process used after its last reading is not seen.</remarks>
internal sealed class ProcessGroup(string name, GroupRule rule, MemoryGrowth growth)
{
    // Sums of PSS that are older say nothing about now.
    private static readonly TimeSpan ProportionalPatience = TimeSpan.FromMinutes(30);

    private readonly ProcessGroupSeries _series = new(name);
    private readonly long[] _states = new long[ProcessGroupMetrics.States.Length];
    private long _processes;
    private long _threads;
    private long _pages;
    private long _descriptors;
    private long _unreadable;
    private long _proportional;
    private long _withoutProportional;
    private long _oldestTicks;
    private long _toldOldestTicks;
    private long _cpuTicks;
    private long _readBytes;
    private long _writtenBytes;
    private long _started;
    private long _ended;
    private long _restarts;
    private long _waitingForSuccessor;
    private long _toldProportional = -1;
    private TimeSpan _proportionalAt;
    private bool _isFirst = true;

    /// <summary>Which processes belong.</summary>
    public GroupRule Rule => rule;

    /// <summary>True when it cannot be told which processes belong.</summary>
    public bool HasError { get; set; }

    /// <summary>A process has joined; it brings what it has used so far.</summary>
    public void Join(WatchedProcess process, bool isRoot)
    {
        _cpuTicks += process.Stat.CpuTicks;
        if (_isFirst)
        {
            return;
        }

        _started++;
        if (isRoot && _waitingForSuccessor > 0)
        {
            _waitingForSuccessor--;
            _restarts++;
            growth.Reset();
        }
    }

    /// <summary>A process of it has ended.</summary>
    public void Leave(bool isRoot)
    {
        _ended++;
        _waitingForSuccessor += isRoot ? 1 : 0;
    }

    /// <summary>A process of it has used so much since it was last read.</summary>
    public void Use(long cpuTicks, long readBytes, long writtenBytes)
    {
        _cpuTicks += cpuTicks;
        _readBytes += readBytes;
        _writtenBytes += writtenBytes;
    }

    /// <summary>Before the processes of a scan are added up.</summary>
    public void BeginSum()
    {
        Array.Clear(_states);
        (_processes, _threads, _pages, _descriptors, _unreadable, _proportional, _withoutProportional) = (0, 0, 0, 0, 0, 0, 0);
        _oldestTicks = long.MaxValue;
    }

    /// <summary>Adds one process up.</summary>
    public void Sum(WatchedProcess process)
    {
        _processes++;
        _threads += process.Stat.Threads;
        _pages += process.Stat.ResidentPages;
        _descriptors += Math.Max(0, process.Descriptors);
        _unreadable += process.IsForbidden ? 1 : 0;
        _proportional += Math.Max(0, process.ProportionalBytes);
        _withoutProportional += process.ProportionalBytes < 0 ? 1 : 0;
        _oldestTicks = Math.Min(_oldestTicks, process.Stat.StartTicks);
        _states[StateOf(process.Stat.State)]++;
    }

    /// <summary>After all processes were added up: stores everything.</summary>
    /// <param name="tick">The tick.</param>
    /// <param name="now">The monotonic clock.</param>
    /// <param name="pageBytes">Bytes in a page.</param>
    /// <param name="startTime">Unix seconds of a start in clock ticks after the boot; null: the boot time cannot be read.</param>
    public void Store(Tick tick, TimeSpan now, long pageBytes, Func<Tick, long, long?> startTime)
    {
        _isFirst = false;
        _series.Processes.Set(tick, _processes);
        _series.SetStates(tick, _states);
        _series.Threads.Set(tick, _threads);
        _series.Resident.Set(tick, _pages);
        _series.Cpu.Set(tick, _cpuTicks);
        _series.Started.Set(tick, _started);
        _series.Ended.Set(tick, _ended);
        _series.Restarts.Set(tick, _restarts);
        _series.Unreadable.Set(tick, _unreadable);
        _series.Error.Set(tick, HasError ? 1 : 0);
        bool readable = _unreadable == 0;
        _series.Descriptors.SetOrEnd(tick, readable, _descriptors);
        _series.Read.SetOrEnd(tick, readable, _readBytes);
        _series.Written.SetOrEnd(tick, readable, _writtenBytes);
        StoreOldest(tick, startTime);
        StoreProportional(tick, now);
        StoreGrowth(tick, now, pageBytes);
    }

    private static int StateOf(byte letter)
    {
        int index = 0;
        while (index < ProcessGroupMetrics.States.Length - 1 && !ProcessGroupMetrics.States[index].Letters.Contains((char)letter))
        {
            index++;
        }

        return index;
    }

    private void StoreOldest(Tick tick, Func<Tick, long, long?> startTime)
    {
        if (_oldestTicks == _toldOldestTicks)
        {
            return;
        }

        if (_processes == 0)
        {
            _toldOldestTicks = _oldestTicks;
            _series.Oldest.End(tick.Table);
        }
        else if (startTime(tick, _oldestTicks) is { } seconds)
        {
            _toldOldestTicks = _oldestTicks;
            _series.Oldest.Set(tick, seconds);
        }
    }

    // While a process has not been asked for its own yet, the last whole sum stands.
    private void StoreProportional(Tick tick, TimeSpan now)
    {
        if (_processes > 0 && _withoutProportional == 0)
        {
            (_toldProportional, _proportionalAt) = (_proportional, now);
        }
        else if (_processes == 0 || now - _proportionalAt > ProportionalPatience)
        {
            _toldProportional = -1;
        }

        _series.Proportional.SetOrEnd(tick, _toldProportional >= 0, _toldProportional);
    }

    private void StoreGrowth(Tick tick, TimeSpan now, long pageBytes)
    {
        if (_processes == 0)
        {
            growth.Reset();
        }
        else
        {
            growth.Add(now, _pages * pageBytes);
        }

        if (growth.HasResult)
        {
            _series.Growth.SetFloat(tick, growth.BytesPerHour);
            _series.Confidence.SetFloat(tick, growth.Confidence);
        }
        else
        {
            _series.Growth.End(tick.Table);
            _series.Confidence.End(tick.Table);
        }
    }
}
