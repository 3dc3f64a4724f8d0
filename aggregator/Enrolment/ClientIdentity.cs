namespace HostAgent.Aggregator.Enrolment;

/// <summary>What the certificate of a connection proves, judged once, at the handshake. A feature of the connection.</summary>
/// <param name="Host">The host; null: none is proven.</param>
/// <param name="Problem">Why not, in words for the agent's log; null when it is.</param>
internal sealed record ClientIdentity(HostCertificate? Host, string? Problem)
{
    /// <summary>A client that shows no certificate.</summary>
    public static ClientIdentity Anonymous { get; } = new(null, "this call needs the certificate of an enrolled host; `hostagent enrol` gets one");
}
