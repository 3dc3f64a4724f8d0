namespace HostAgent.Aggregator.Ingest;

/// <summary>What <see cref="DuplicateWatch"/> says of a Hello.</summary>
internal enum DuplicateVerdict
{
    /// <summary>Nothing against it.</summary>
    Admit,

    /// <summary>Two machines use the identity, and this is not the one that keeps it.</summary>
    Refuse,

    /// <summary>Two machines use the identity, and this is the one that keeps it: every other run has to go.</summary>
    AdmitAlone,
}
