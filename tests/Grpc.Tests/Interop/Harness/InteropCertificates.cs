using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>An authority of its own with a server and a client certificate, as PEM files for the peers and as objects for us.</summary>
internal sealed class InteropCertificates : IDisposable
{
    private static readonly DateTimeOffset NotBefore = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset NotAfter = DateTimeOffset.UtcNow.AddDays(30);

    /// <summary>Creates the keys and writes ca.pem, server.pem, server.key, client.pem and client.key into a new temporary folder.</summary>
    public InteropCertificates()
    {
        Folder = Directory.CreateTempSubdirectory("grpc-interop-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=interop authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 authority = request.CreateSelfSigned(NotBefore, NotAfter);
        File.WriteAllText(PathOf("ca.pem"), authority.ExportCertificatePem());
        Authority = X509CertificateLoader.LoadCertificate(authority.RawData);
        Server = Issue(authority, "server", "1.3.6.1.5.5.7.3.1");
        Client = Issue(authority, "client", "1.3.6.1.5.5.7.3.2");
    }

    /// <summary>The folder that holds the PEM files.</summary>
    public string Folder { get; }

    /// <summary>The authority's certificate, without its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>For "localhost" and 127.0.0.1.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>What a client shows where the server asks for one.</summary>
    public X509Certificate2 Client { get; }

    /// <summary>A policy that trusts <paramref name="authority"/> alone; there is no revocation list to ask.</summary>
    public static X509ChainPolicy PolicyOf(X509Certificate2 authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    /// <summary>Whether our authority issued <paramref name="presented"/>.</summary>
    public bool Trusts(X509Certificate2 presented)
    {
        using var chain = new X509Chain { ChainPolicy = PolicyOf(Authority) };
        return chain.Build(presented);
    }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        Client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private X509Certificate2 Issue(X509Certificate2 authority, string name, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=interop {name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        byte[] serial = RandomNumberGenerator.GetBytes(12);
        using X509Certificate2 issued = request.Create(authority, NotBefore, NotAfter, serial);
        X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        File.WriteAllText(PathOf(name + ".pem"), withKey.ExportCertificatePem());
        File.WriteAllText(PathOf(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        return withKey;
    }

    private string PathOf(string file) => Path.Combine(Folder, file);
}
