namespace HostAgent.Aggregator.Audit;

/// <summary>How an act ended, as far as was known when it was recorded.</summary>
public enum AuditOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It will be done now that this record is durable; what became of it is another record.</summary>
    Intended,

    /// <summary>Whoever asked may not, or asked for something that is not allowed.</summary>
    Refused,

    /// <summary>It was allowed and went wrong.</summary>
    Failed,
}
