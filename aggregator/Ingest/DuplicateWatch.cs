using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>Finds hosts of which there are two: a virtual machine that was cloned with its agent's state has the same id, key and certificate.
/// <para>A restarted agent says Hello with a newer epoch, and its earlier run, being dead, says nothing any more. So an earlier run that says
/// Hello again and again while a later one is connected proves that both are alive. Then the earlier one, which was there first, keeps the
/// identity, and every other run is refused by name until the second machine has been silent for a while, or the first one is gone.</para>
/// Not thread-safe: <see cref="LaneRegistry"/> calls it under its lock.</summary>
internal sealed class DuplicateWatch(TimeProvider time)
{
    // Hellos of a process that has died meanwhile may still arrive, held up on the way, but then all at once.
    private static readonly TimeSpan SignsApart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SignsTogether = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SilenceThatEnds = TimeSpan.FromMinutes(15); // refused agents try again once a minute
    private static readonly TimeSpan AbsenceThatEnds = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (AgentRun Run, DateTimeOffset At)> _signs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Quarantine> _quarantines = new(StringComparer.Ordinal);

    /// <summary>Judges a Hello of the live or the backfill lane.</summary>
    /// <param name="hello">It.</param>
    /// <param name="connected">The newest run of this host that is connected; null: none is.</param>
    public DuplicateVerdict Judge(Hello hello, AgentRun? connected)
    {
        DateTimeOffset now = time.GetUtcNow();
        var run = AgentRun.Of(hello);
        if (_quarantines.TryGetValue(hello.HostId, out Quarantine? quarantine))
        {
            return JudgeQuarantined(hello, run, connected, quarantine, now);
        }

        if (hello.Lane != Lane.Live || connected is not { } newer || newer.Epoch <= run.Epoch)
        {
            return DuplicateVerdict.Admit;
        }

        if (!_signs.TryGetValue(hello.HostId, out (AgentRun Run, DateTimeOffset At) sign) || sign.Run != run || now - sign.At > SignsTogether)
        {
            _signs[hello.HostId] = (run, now);
            return DuplicateVerdict.Admit; // the registry refuses it as the older one
        }

        if (now - sign.At < SignsApart)
        {
            return DuplicateVerdict.Admit;
        }

        _signs.Remove(hello.HostId);
        _quarantines[hello.HostId] = new Quarantine { Kept = run, Other = newer, Since = now, KeptSeen = now, OtherSeen = now };
        return DuplicateVerdict.AdmitAlone;
    }

    /// <summary>The hosts of which there are two, each with words for its operators. Forgets those of which there are no longer.</summary>
    /// <param name="connected">The newest run of a host that is connected; null: none is.</param>
    public Dictionary<string, string> Sweep(Func<string, AgentRun?> connected)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string hostId, Quarantine quarantine) in _quarantines.ToList())
        {
            quarantine.KeptSeen = connected(hostId) == quarantine.Kept ? now : quarantine.KeptSeen;
            if (IsOver(quarantine, now))
            {
                _quarantines.Remove(hostId);
            }
        }

        return _quarantines.ToDictionary(static q => q.Key, q => Describe(q.Key)!);
    }

    /// <summary>What is known of a host of which there are two, in words; null: there is one.</summary>
    public string? Describe(string hostId) => _quarantines.TryGetValue(hostId, out Quarantine? quarantine)
        ? $"two machines use the identity {hostId} since {quarantine.Since:u}: one ({quarantine.Kept}) keeps it, the other ({quarantine.Other}) is refused. If the refused one "
            + "is the clone, stop its agent, delete its state directory and enrol it; if it is the original, do so on the other, and wait 5 minutes"
        : null;

    private DuplicateVerdict JudgeQuarantined(Hello hello, AgentRun run, AgentRun? connected, Quarantine quarantine, DateTimeOffset now)
    {
        if (connected == quarantine.Kept)
        {
            quarantine.KeptSeen = now;
        }

        // A newer run on the kept machine's boot is its restarted agent, unless the two share a boot as containers do.
        bool isRestart = run.BootId == quarantine.Kept.BootId && run.BootId != quarantine.Other.BootId && run.Epoch > quarantine.Kept.Epoch;
        if (run == quarantine.Kept || isRestart)
        {
            (quarantine.Kept, quarantine.KeptSeen) = (run, now);
            if (!IsOver(quarantine, now))
            {
                return DuplicateVerdict.AdmitAlone;
            }
        }

        if (IsOver(quarantine, now))
        {
            _quarantines.Remove(hello.HostId);
            return DuplicateVerdict.Admit;
        }

        (quarantine.Other, quarantine.OtherSeen) = (run, now);
        return DuplicateVerdict.Refuse;
    }

    private static bool IsOver(Quarantine quarantine, DateTimeOffset now)
        => now - quarantine.OtherSeen > SilenceThatEnds || now - quarantine.KeptSeen > AbsenceThatEnds;

    private sealed class Quarantine
    {
        public required AgentRun Kept { get; set; }

        public required AgentRun Other { get; set; }

        public required DateTimeOffset Since { get; init; }

        public required DateTimeOffset KeptSeen { get; set; }

        public required DateTimeOffset OtherSeen { get; set; }
    }
}
