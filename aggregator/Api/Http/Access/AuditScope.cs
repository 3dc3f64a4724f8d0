using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Auth;

namespace HostAgent.Aggregator.Api.Http.Access;

/// <summary>What the audit will say about the request that is being answered. A handler adds to it; <see cref="AuditMiddleware"/> appends it before
/// the answer leaves, unless the handler has appended it itself, together with its effect.</summary>
internal sealed class AuditScope(string action, ClientAddress address)
{
    /// <summary>To what: an id or name.</summary>
    public string Target { get; set; } = "";

    /// <summary>More about it. Never a secret.</summary>
    public Dictionary<string, string> Details { get; } = [];

    /// <summary>Who asks, once that is known.</summary>
    public Principal? Principal { get; set; }

    /// <summary>Why the caller was turned away at the door; null when it was not.</summary>
    public string? Refusal { get; set; }

    /// <summary>It stands in the audit already.</summary>
    public bool Recorded { get; private set; }

    /// <summary>From where the request comes.</summary>
    public ClientAddress Address => address;

    /// <summary>The entry for a handler that appends it itself, in one transaction with its effect; the middleware then appends none.</summary>
    public AuditEntry Take(AuditOutcome outcome = AuditOutcome.Done)
    {
        Recorded = true;
        return Entry(outcome);
    }

    /// <summary>The handler's own append failed: the middleware records what the caller is answered.</summary>
    public void GiveBack() => Recorded = false;

    /// <summary>The entry as it stands now.</summary>
    public AuditEntry Entry(AuditOutcome outcome) => new()
    {
        Actor = (Principal ?? Principal.Anonymous).Name,
        Role = Principal?.Role.Word() ?? "",
        Origin = address.Text,
        Action = action,
        Target = Target,
        Outcome = outcome,
        Details = Principal?.TokenId is { } token ? new Dictionary<string, string>(Details) { ["token"] = token } : Details,
    };
}
