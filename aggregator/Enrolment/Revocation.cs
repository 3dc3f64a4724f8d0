namespace HostAgent.Aggregator.Enrolment;

/// <summary>A host that is shut out: collection <c>host-revocation</c>, key <see cref="HostId"/>, JSON. Fields only grow.</summary>
/// <param name="HostId">32 hex digits.</param>
/// <param name="Reason">In the words of whoever did it.</param>
/// <param name="RevokedBy">Who did it.</param>
/// <param name="AtUnixMs">When.</param>
public sealed record Revocation(string HostId, string Reason, string RevokedBy, long AtUnixMs)
{
    /// <summary>What the host is told.</summary>
    public string InWords
        => $"host {HostId} was revoked at {DateTimeOffset.FromUnixTimeMilliseconds(AtUnixMs):u} by {RevokedBy}: {Reason}. Nothing it sends is accepted until an operator restores it";
}
