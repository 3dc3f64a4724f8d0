namespace HostAgent.Aggregator.Ingest;

/// <summary>Something that an agent sent is refused and its call ends. The message says what, in words that help the agent's operator.</summary>
internal sealed class RefusalException(RefusalKind kind, string reason, string message) : Exception(message)
{
    /// <summary>Whose turn it is now.</summary>
    public RefusalKind Kind { get; } = kind;

    /// <summary>A short name from a fixed list, for counting.</summary>
    public string Reason { get; } = reason;

    /// <summary>The agent breaks the protocol.</summary>
    public static RefusalException Invalid(string reason, string message) => new(RefusalKind.Invalid, reason, message);

    /// <summary>The agent is over a limit.</summary>
    public static RefusalException OverLimit(string reason, string message) => new(RefusalKind.OverLimit, reason, message);
}
