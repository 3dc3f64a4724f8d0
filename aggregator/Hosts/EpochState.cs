using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Hosts;

/// <summary>One run of an agent: what is known of it, and which of its sequences are accounted for. Guarded by the host's lock.</summary>
internal sealed class EpochState(EpochRecord record)
{
    public EpochRecord Record { get; set; } = record;

    /// <summary>Sequences received, refused or reported lost.</summary>
    public IntervalSet Seen { get; } = new();

    /// <summary>Sequences of this epoch, from the first to the highest known, that nobody has accounted for.</summary>
    public List<(ulong First, ulong Last)> Missing()
    {
        ulong last = Math.Max(Seen.Max, Record.LastSequence);
        ulong first = Math.Max(1, Record.FloorSequence);
        return last < first ? [] : Seen.Missing(first, last);
    }
}
