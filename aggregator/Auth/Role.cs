namespace HostAgent.Aggregator.Auth;

/// <summary>What somebody may do; each role includes those before it. Persisted by name.</summary>
public enum Role
{
    /// <summary>Sees everything except the audit and who has tokens.</summary>
    Viewer = 1,

    /// <summary>Also acts on hosts, within the scopes of the token.</summary>
    Operator = 2,

    /// <summary>Also hands out and revokes tokens, enrols and revokes hosts, reads the audit.</summary>
    Admin = 3,
}
