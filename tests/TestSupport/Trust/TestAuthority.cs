using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.TestSupport.Trust;

/// <summary>Signs hosts' certificates as an aggregator would, without asking it: with the key in its data directory, or as a stranger. Makes wrong
/// ones, too.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private TestAuthority(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authority of the aggregator whose ca.crt this is; ca.key must lie beside it.</summary>
    public static TestAuthority Beside(string caFile)
        => new(X509Certificate2.CreateFromPemFile(caFile, Path.ChangeExtension(caFile, ".key")));

    /// <summary>An authority that nobody knows.</summary>
    public static TestAuthority Stranger(string name = "CN=stranger")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return new TestAuthority(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-400), DateTimeOffset.UtcNow.AddDays(300)));
    }

    /// <summary>A certificate for a host, with its key. The times' default: as long as the authority's own. <paramref name="uri"/>: instead of the
    /// host's.</summary>
    public X509Certificate2 Host(
        string hostId, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, string purpose = ClientAuthentication, string? uri = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostId}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri ?? $"urn:hostagent:host:{hostId}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        using X509Certificate2 bare = request.Create(
            Certificate, notBefore ?? Certificate.NotBefore, notAfter ?? Certificate.NotAfter, RandomNumberGenerator.GetBytes(8).Prepend((byte)1).ToArray());
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>A handler that trusts only this authority, and shows the certificate of <paramref name="hostId"/>, or none.</summary>
    public SocketsHttpHandler Handler(string? hostId = null) => Handler(hostId is null ? null : Host(hostId));

    /// <summary>A handler that trusts only this authority and shows this certificate.</summary>
    public SocketsHttpHandler Handler(X509Certificate2? shown)
    {
        X509Certificate2 trusted = X509CertificateLoader.LoadCertificate(Certificate.RawData); // outlives this authority
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown, null, offline: true),
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                {
                    // Not by SslStream's own verdict: the aggregator under test may run on a clock of its own.
                    chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                    chain.ChainPolicy.CustomTrustStore.Clear();
                    chain.ChainPolicy.CustomTrustStore.Add(trusted);
                    chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                    chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
                    return certificate is X509Certificate2 leaf && chain.Build(leaf);
                },
            },
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();
}
