using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Processes;

/// <summary>What of the members of groups is too dear for every scan of a large group: descriptors and I/O in turn, the proportional memory rarely.</summary>
/// <remarks>io and fd cost about as much as stat each, so at most 64 members or a twelfth of them are asked per scan: all in every scan while they are few.
/// smaps_rollup walks page tables under the process's memory lock: one process per scan, each every five minutes, and none above a size.</remarks>
internal sealed class MemberDetails(ProcessFiles files, GroupRoster roster, bool proportional, long maxProportionalBytes)
{
    private const int FewMembers = 64;
    private const int ShareOfMembers = 12;
    private const int ProportionalPerScan = 1;

    private static readonly TimeSpan ProportionalInterval = TimeSpan.FromMinutes(5);

    private readonly byte[] _buffer = new byte[4096];
    private int _turn;
    private int _proportionalTurn;

    /// <summary>Asks those whose turn it is.</summary>
    public void Read(Tick tick, List<WatchedProcess> all)
    {
        int members = 0;
        foreach (WatchedProcess process in all)
        {
            members += process.Accounted != 0 ? 1 : 0;
        }

        int budget = Math.Min(members, Math.Max(FewMembers, members / ShareOfMembers));
        for (int looked = 0; budget > 0 && looked < all.Count; looked++)
        {
            _turn = _turn + 1 < all.Count ? _turn + 1 : 0;
            if (all[_turn].Accounted != 0)
            {
                ReadDescriptorsAndIo(tick, all[_turn]);
                budget--;
            }
        }

        if (proportional && members > 0)
        {
            ReadProportional(tick, all);
        }
    }

    private void ReadDescriptorsAndIo(Tick tick, WatchedProcess process)
    {
        tick.Gate.Enter();
        long descriptors = files.CountDescriptors(process.Pid);
        int count = files.Read(process.Pid, "/io\0"u8, _buffer);
        tick.Gate.Leave();
        process.Descriptors = Math.Max(-1, descriptors);
        process.IsForbidden = ProcessFiles.MeansForbidden((int)-Math.Min(0, descriptors)) || ProcessFiles.MeansForbidden(-Math.Min(0, count));
        if (count > 0 && ProcPidIo.TryParse(_buffer.AsSpan(0, count), out long read, out long written))
        {
            roster.Use(process, 0, Math.Max(0, read - Math.Max(0, process.ReadBytes)), Math.Max(0, written - Math.Max(0, process.WrittenBytes)));
            (process.ReadBytes, process.WrittenBytes) = (read, written);
        }
    }

    private void ReadProportional(Tick tick, List<WatchedProcess> all)
    {
        int budget = ProportionalPerScan;
        for (int looked = 0; budget > 0 && looked < all.Count; looked++)
        {
            _proportionalTurn = _proportionalTurn + 1 < all.Count ? _proportionalTurn + 1 : 0;
            WatchedProcess process = all[_proportionalTurn];
            bool isDue = process.ProportionalAt == 0 || tick.Time.GetElapsedTime(process.ProportionalAt) >= ProportionalInterval;
            if (isDue && process.Accounted != 0 && !process.IsHazardous && ReadProportional(tick, process))
            {
                budget--;
            }
        }
    }

    // False when nothing was asked.
    private bool ReadProportional(Tick tick, WatchedProcess process)
    {
        if (process.Stat.IsKernelThread || process.Stat.State == (byte)'Z')
        {
            process.ProportionalBytes = 0;
            return false;
        }

        if (process.ResidentBytes > maxProportionalBytes)
        {
            process.ProportionalBytes = -1;
            return false;
        }

        process.ProportionalAt = Math.Max(1, tick.Time.GetTimestamp());
        roster.BeginRisk(process);
        tick.Gate.Enter();
        int count = files.Read(process.Pid, "/smaps_rollup\0"u8, _buffer);
        tick.Gate.Leave();
        roster.EndRisk();
        process.ProportionalBytes = count > 0 && ProcPidSmaps.TryPss(_buffer.AsSpan(0, count), out long bytes) ? bytes : -1;
        return true;
    }
}
