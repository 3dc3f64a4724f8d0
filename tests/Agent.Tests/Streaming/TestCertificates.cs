using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Agent.Tests.Streaming;

/// <summary>A certificate authority made up for one test, and a server certificate from it.</summary>
internal static class TestCertificates
{
    /// <param name="name">DNS name it is for; null: localhost and 127.0.0.1.</param>
    /// <param name="expired">Ended yesterday.</param>
    public static (X509Certificate2 Server, X509Certificate2 Ca) Make(string? name = null, bool expired = false)
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=test authority", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var ca = caRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-4), DateTimeOffset.UtcNow.AddDays(30));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test aggregator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (name is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        names.AddDnsName(name ?? "localhost");
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(ca, DateTimeOffset.UtcNow.AddDays(-3), DateTimeOffset.UtcNow.AddDays(expired ? -1 : 20), [1, 2, 3, 4]);
        using var withKey = bare.CopyWithPrivateKey(key);
        return (X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null), ca);
    }
}
