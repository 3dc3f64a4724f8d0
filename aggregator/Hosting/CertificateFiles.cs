using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The server certificate in the data directory, signed by the authority there (<see cref="AuthorityFiles"/>). ECDSA P-256, PEM, the
/// key with mode 0600. Made on first start, and again when it nears its end, no longer fits this machine's names or the authority, or cannot
/// be read: nobody but this machine holds it.</summary>
internal sealed class CertificateFiles(DataDirectory directory, string hostName, TimeProvider time, string? passphrase = null, IReadOnlyList<string>? names = null)
{
    private const string ServerName = "server.crt";
    private const string ServerKeyName = "server.key";

    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(397); // the longest that common TLS clients accept
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan BackDate = TimeSpan.FromHours(1); // agents' clocks may be behind

    private readonly string[] _names = [.. new[] { "localhost", hostName }.Concat(names ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The authority beside it.</summary>
    public AuthorityFiles Authority { get; } = new(directory.Location, hostName, time, passphrase);

    /// <summary>Absolute path of the authority's certificate.</summary>
    public string CaFile => Authority.CertificateFile;

    /// <summary>Reads the certificates, makes or renews what is missing, worn out or damaged.</summary>
    /// <param name="reason">Why something was made; null when all were in order.</param>
    /// <returns>The server certificate with its key, and the authorities.</returns>
    /// <exception cref="StartException">There is an authority that cannot be used.</exception>
    public (X509Certificate2 Server, AuthoritySet Authorities) Ensure(out string? reason)
    {
        AuthoritySet authorities = Authority.Ensure(out string? authorityReason);
        X509Certificate2? server = TryLoad(ServerName, ServerKeyName, out string? problem);
        problem ??= Unfit(server!, authorities.ForServer);
        if (problem is not null)
        {
            server = MakeServer(authorities.ForServer);
        }

        reason = authorityReason ?? (problem is null ? null : $"server certificate made: {problem}");
        return (server!, authorities);
    }

    private string? Unfit(X509Certificate2 server, X509Certificate2 authority)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (server.NotAfter - now < RenewBefore && server.NotAfter < authority.NotAfter)
        {
            return $"the old one ends {server.NotAfter.ToUniversalTime():u}";
        }

        if (server.NotBefore > now)
        {
            return $"the old one is valid only from {server.NotBefore.ToUniversalTime():u}; did the clock jump?";
        }

        if (_names.FirstOrDefault(name => !server.MatchesHostname(name)) is { } missing)
        {
            return $"the old one is not for {missing}";
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

    private X509Certificate2 MakeServer(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = CertificateForms.Request(hostName, key);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in _names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        alternatives.AddIpAddress(IPAddress.Loopback);
        alternatives.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        CertificateForms.AddLeafExtensions(request, authority, CertificateForms.ServerAuthentication);
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 signed = CertificateForms.Sign(request, authority, now - BackDate, now + ServerLifetime);

        // The key first: a crash in between leaves a pair that does not match, which the next start replaces.
        AtomicFile.Write(directory.File(ServerKeyName), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), AtomicFile.Private);
        AtomicFile.Write(directory.File(ServerName), Encoding.ASCII.GetBytes(signed.ExportCertificatePem() + "\n"), AtomicFile.Public);
        return signed.CopyWithPrivateKey(key);
    }
}
