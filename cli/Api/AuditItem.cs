using HostAgent.Protos.Audit;

namespace HostAgent.Cli.Api;

/// <summary>One record of the audit, as GET /v1/audit says it.</summary>
internal sealed record AuditItem(
    ulong Sequence,
    DateTimeOffset Time,
    string Actor,
    string Role,
    string Origin,
    string Action,
    string Target,
    string Outcome,
    IReadOnlyDictionary<string, string> Details,
    string PreviousHash,
    string Hash)
{
    /// <summary>As the chain knows it.</summary>
    public AuditRecord ToRecord() => new()
    {
        Sequence = Sequence,
        UnixMs = Time.ToUnixTimeMilliseconds(),
        Actor = Actor,
        Role = Role,
        Origin = Origin,
        Action = Action,
        Target = Target,
        Outcome = Outcome,
        Details = Details,
        PreviousHash = PreviousHash,
        Hash = Hash,
    };
}
