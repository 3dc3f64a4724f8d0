using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The development certificates in the data directory: a certificate authority of this aggregator alone and the server
/// certificate it signs. ECDSA P-256, PEM, keys with mode 0600. Made on first start, the server certificate renewed when it nears its end,
/// no longer fits this machine's name, or cannot be read; the authority only when it must be, since agents hold its certificate.</summary>
internal sealed class CertificateFiles(DataDirectory directory, string hostName, TimeProvider time)
{
    /// <summary>The file agents verify the server with.</summary>
    public const string CaName = "ca.crt";

    private const string CaKeyName = "ca.key";
    private const string ServerName = "server.crt";
    private const string ServerKeyName = "server.key";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // RFC 5280 4.2.1.12 id-kp-serverAuth

    private static readonly TimeSpan CaLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(397); // the longest that common TLS clients accept
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan BackDate = TimeSpan.FromHours(1); // agents' clocks may be behind

    /// <summary>Absolute path of the authority's certificate.</summary>
    public string CaFile => directory.File(CaName);

    /// <summary>Reads the certificates, makes or renews what is missing, worn out or damaged.</summary>
    /// <param name="reason">Why something was made; null when all were in order.</param>
    /// <returns>The server certificate with its key, and the authority's certificate without.</returns>
    public (X509Certificate2 Server, X509Certificate2 Authority) Ensure(out string? reason)
    {
        X509Certificate2? authority = TryLoad(CaName, CaKeyName, out string? caProblem);
        if (authority is not null && authority.NotAfter - time.GetUtcNow() < ServerLifetime)
        {
            caProblem = "the authority is near its end";
            authority = null;
        }

        if (authority is null)
        {
            authority = MakeAuthority();
            X509Certificate2 first = MakeServer(authority);
            reason = $"certificate authority and server certificate made: {caProblem}";
            return (first, PublicPart(authority));
        }

        X509Certificate2? server = TryLoad(ServerName, ServerKeyName, out string? serverProblem);
        serverProblem ??= Unfit(server!, authority);
        if (serverProblem is not null)
        {
            server = MakeServer(authority);
        }

        reason = serverProblem is null ? null : $"server certificate made: {serverProblem}";
        return (server!, PublicPart(authority));
    }

    private string? Unfit(X509Certificate2 server, X509Certificate2 authority)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (server.NotAfter - now < RenewBefore)
        {
            return $"the old one ends {server.NotAfter.ToUniversalTime():u}";
        }

        if (server.NotBefore > now)
        {
            return $"the old one is valid only from {server.NotBefore.ToUniversalTime():u}; did the clock jump?";
        }

        if (!server.MatchesHostname(hostName) || !server.MatchesHostname("localhost"))
        {
            return $"the old one is not for {hostName}";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(server) ? null : "the old one is not signed by the authority in the data directory";
    }

    private X509Certificate2? TryLoad(string certificateName, string keyName, out string? problem)
    {
        string certificatePath = directory.File(certificateName);
        try
        {
            problem = null;
            return X509Certificate2.CreateFromPem(File.ReadAllText(certificatePath), File.ReadAllText(directory.File(keyName)));
        }
        catch (FileNotFoundException)
        {
            problem = "there was none";
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problem = $"{certificateName} and {keyName} were damaged ({e.Message})";
            return null;
        }
    }

    private X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name($"HostAgent development CA of {hostName}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        X509Certificate2 made = request.CreateSelfSigned(now - BackDate, now + CaLifetime);
        Save(made, key, CaName, CaKeyName);
        return made;
    }

    private X509Certificate2 MakeServer(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name(hostName), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (string dnsName in new[] { "localhost", hostName }.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            names.AddDnsName(dnsName);
        }

        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        DateTimeOffset now = time.GetUtcNow();
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f; // positive, RFC 5280 4.1.2.2
        using X509Certificate2 signed = request.Create(authority, Max(now - BackDate, authority.NotBefore), now + ServerLifetime, serial);
        Save(signed, key, ServerName, ServerKeyName);
        return signed.CopyWithPrivateKey(key);
    }

    private void Save(X509Certificate2 certificate, ECDsa key, string certificateName, string keyName)
    {
        // The key first: a crash in between leaves a pair that does not match, which the next start replaces.
        AtomicFile.Write(directory.File(keyName), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), AtomicFile.Private);
        AtomicFile.Write(directory.File(certificateName), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), AtomicFile.Public);
    }

    private static X509Certificate2 PublicPart(X509Certificate2 authority)
    {
        using (authority)
        {
            return X509CertificateLoader.LoadCertificate(authority.RawData);
        }
    }

    private static X500DistinguishedName Name(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName.Length > 64 ? commonName[..64] : commonName); // RFC 5280 ub-common-name
        return name.Build();
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
