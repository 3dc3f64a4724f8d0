namespace HostAgent.Protos.Audit;

/// <summary>One link of the audit's chain: who did what, from where, to what, when, and how it ended. See FORMAT.md.</summary>
public sealed record AuditRecord
{
    /// <summary>1 for the first record, then one more each.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>When, by the aggregator's clock, in unix milliseconds. May go back when that clock is set back; the sequence does not.</summary>
    public required long UnixMs { get; init; }

    /// <summary>Who: the owner of a token, <c>anonymous</c>, or <c>aggregator</c> for what it does by itself.</summary>
    public required string Actor { get; init; }

    /// <summary>The role that the actor acted in: viewer, operator, admin, or empty.</summary>
    public required string Role { get; init; }

    /// <summary>From where: an address without port, or <c>local</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>What: thing and verb, for example <c>token.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what: an id or name; empty when the action says it all.</summary>
    public required string Target { get; init; }

    /// <summary>How it ended: <c>done</c>, <c>refused</c> or <c>failed</c>; <c>intended</c> when the act follows the record.</summary>
    public required string Outcome { get; init; }

    /// <summary>More about it, each name once. Never a secret.</summary>
    public required IReadOnlyDictionary<string, string> Details { get; init; }

    /// <summary>Hash of the record before this one, 64 lower-case hex digits; all zeros for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>Hash of this record, 64 lower-case hex digits.</summary>
    public required string Hash { get; init; }
}
