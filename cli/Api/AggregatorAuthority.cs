using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Cli.Api;

/// <summary>Whom to trust when an aggregator speaks HTTPS: the authority it was named with, alone, or those of this machine.</summary>
internal static class AggregatorAuthority
{
    /// <summary>TLS that trusts only the certificates in <paramref name="pem"/>; the machine's own when it is null.</summary>
    /// <exception cref="CliException">There is no certificate in it.</exception>
    public static SslClientAuthenticationOptions Tls(string? pem, string source)
    {
        if (pem is null)
        {
            return new SslClientAuthenticationOptions();
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // an aggregator's own authority publishes no list
            DisableCertificateDownloads = true,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new CliException(ExitCodes.Usage, $"{source}: the certificate cannot be read ({e.Message})");
        }

        return policy.CustomTrustStore.Count > 0
            ? new SslClientAuthenticationOptions { CertificateChainPolicy = policy }
            : throw new CliException(ExitCodes.Usage, $"{source}: there is no PEM certificate in it");
    }

    /// <summary>The PEM text of a file.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static string Read(string file, string source)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"{source}: {e.Message}");
        }
    }
}
