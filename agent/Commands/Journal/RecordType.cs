namespace HostAgent.Agent.Commands.Journal;

/// <summary>What a record of the journal says. Persisted: numbers only grow.</summary>
internal enum RecordType : byte
{
    /// <summary>An order was accepted for checking.</summary>
    Received = 1,

    /// <summary>The command may act from here on.</summary>
    Intent = 2,

    /// <summary>It has ended.</summary>
    Outcome = 3,

    /// <summary>Reports that the aggregator has made durable.</summary>
    Acked = 4,

    /// <summary>Until which not-after orders may have been forgotten.</summary>
    Forgotten = 5,
}
