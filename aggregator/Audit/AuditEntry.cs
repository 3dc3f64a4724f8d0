namespace HostAgent.Aggregator.Audit;

/// <summary>What a room says about an act; the log adds sequence, time and hashes. No secret may stand in it: what looks like a token is
/// blanked, texts are cut at 1,024 characters, details at 32.</summary>
public sealed record AuditEntry
{
    /// <summary>Stands for the program itself, in <see cref="Actor"/>.</summary>
    public const string Aggregator = "aggregator";

    /// <summary>Who: the owner of a token, <c>anonymous</c>, or <see cref="Aggregator"/>.</summary>
    public required string Actor { get; init; }

    /// <summary>The role the actor acted in; empty when there is none.</summary>
    public string Role { get; init; } = "";

    /// <summary>From where: an address without port, or <c>local</c>.</summary>
    public string Origin { get; init; } = "local";

    /// <summary>What: thing and verb, for example <c>token.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what: an id or name.</summary>
    public string Target { get; init; } = "";

    /// <summary>How it ended.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>More about it.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}
