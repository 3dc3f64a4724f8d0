namespace HostAgent.Aggregator.Hosts;

/// <summary>What became of a run of frames. The numbers are persisted and only grow.</summary>
public enum FrameOutcome
{
    /// <summary>Arrived while it was news.</summary>
    Present = 1,

    /// <summary>Arrived, but by the backfill lane or more than <c>IngestOptions.LateAfter</c> after its time.</summary>
    Late = 2,

    /// <summary>The agent dropped it and said so: its bounded spool had to make room.</summary>
    DroppedSpoolFull = 3,

    /// <summary>The agent dropped it and said so: a torn tail or a quarantined segment of its spool.</summary>
    DroppedSpoolDamaged = 4,

    /// <summary>The agent dropped it and said so: its disk refused and memory was full.</summary>
    DroppedSpoolFailed = 5,

    /// <summary>Lost when the agent or its host died without writing its memory window. The number of frames is not known (0 is counted), the
    /// interval is: from the epoch's last frame to the next epoch's first.</summary>
    LostAtCrash = 6,

    /// <summary>The agent dropped it and gave a reason this version does not know.</summary>
    DroppedOther = 7,

    /// <summary>Sent, refused by the aggregator's limits or validation, and counted.</summary>
    Refused = 8,
}
