using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Aggregator.Hosting;

/// <summary>Reads an authority and says in words what is wrong with it.</summary>
internal static class AuthorityCheck
{
    /// <exception cref="StartException">The passphrase is missing or wrong, or the files are damaged or do not belong together.</exception>
    public static X509Certificate2 Load(string certificatePem, string keyPem, string? passphrase, string certificateName, string keyName)
    {
        bool isEncrypted = keyPem.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
        if (isEncrypted && passphrase is null)
        {
            throw new StartException(ExitCodes.Configuration, $"{keyName} is encrypted: name the file of its passphrase with --passphrase-file");
        }

        try
        {
            return isEncrypted
                ? X509Certificate2.CreateFromEncryptedPem(certificatePem, keyPem, passphrase)
                : X509Certificate2.CreateFromPem(certificatePem, keyPem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new StartException(
                ExitCodes.Configuration,
                $"the authority in {certificateName} and {keyName} cannot be used ({e.Message}): "
                + (isEncrypted ? "the passphrase is wrong, or a file is damaged. " : "a file is damaged, or they do not belong together. ")
                + "Hosts trust this authority, so it is not replaced: bring the files back from a backup.",
                e);
        }
    }

    /// <summary>Whether it may sign for hosts.</summary>
    /// <exception cref="StartException">It may not.</exception>
    public static void Require(X509Certificate2 authority, string name, DateTimeOffset now)
    {
        string? problem = Problem(authority, now);
        if (problem is not null)
        {
            throw new StartException(ExitCodes.Configuration, $"{name} cannot be the authority: {problem}");
        }
    }

    private static string? Problem(X509Certificate2 authority, DateTimeOffset now)
    {
        using ECDsa? key = authority.GetECDsaPrivateKey();
        if (key is null)
        {
            return "its key is not an ECDSA key";
        }

        if (authority.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault() is not { CertificateAuthority: true })
        {
            return "it is no certificate of an authority (basic constraints)";
        }

        // Trust ends here and not at somebody's root: whoever shares a root with us could otherwise make hosts.
        if (!authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData))
        {
            return "another authority has signed it; give one that is its own root, made for this purpose alone";
        }

        return authority.NotAfter <= now.UtcDateTime.AddDays(30).ToLocalTime() ? $"it ends {authority.NotAfter.ToUniversalTime():u}" : null;
    }
}
