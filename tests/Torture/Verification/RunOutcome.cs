namespace HostAgent.Torture.Verification;

/// <summary>What the aggregator says became of a run of frames.</summary>
internal enum RunOutcome
{
    /// <summary>Stored while it was news.</summary>
    Present,

    /// <summary>Stored late.</summary>
    Late,

    /// <summary>Given up by somebody who said so.</summary>
    Dropped,

    /// <summary>Lost with the memory of an agent that died; how many is not known to the aggregator.</summary>
    LostAtCrash,
}
