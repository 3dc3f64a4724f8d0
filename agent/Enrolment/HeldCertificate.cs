using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Agent.Streaming;

namespace HostAgent.Agent.Enrolment;

/// <summary>This host's certificate with its key, and whom it came with.</summary>
/// <param name="Certificate">With its key.</param>
/// <param name="Authorities">That the aggregator's certificate may come from, the current one first.</param>
/// <param name="RenewAfter">When to renew it, by the aggregator's word.</param>
internal sealed record HeldCertificate(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Authorities, DateTimeOffset RenewAfter)
{
    private ChannelTrust? _trust;

    /// <summary>Its end.</summary>
    public DateTimeOffset NotAfter => new(Certificate.NotAfter.ToUniversalTime());

    /// <summary>For connections. Always the same object: TLS sessions are resumed by it.</summary>
    public ChannelTrust Trust => _trust ??= new(SslStreamCertificateContext.Create(Certificate, additionalCertificates: null, offline: true), Authorities);
}
