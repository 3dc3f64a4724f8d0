using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The certificate authority in the data directory: ca.crt and ca.key, and during a rotation ca-next.crt and ca-next.key beside
/// them. ECDSA P-256, PEM; keys have mode 0600 and may be encrypted with a passphrase (PKCS #8, PBES2). Every host of the fleet trusts
/// what is here, so nothing that is here is ever replaced without being asked.</summary>
/// <param name="directory">The data directory.</param>
/// <param name="hostName">Of this machine; stands in the authority's name.</param>
/// <param name="time">For the certificates' times.</param>
/// <param name="passphrase">Of the keys; null: they are not encrypted.</param>
internal sealed class AuthorityFiles(string directory, string hostName, TimeProvider time, string? passphrase)
{
    /// <summary>The file that clients verify the server with.</summary>
    public const string CertificateName = "ca.crt";

    private const string KeyName = "ca.key";
    private const string NextCertificateName = "ca-next.crt";
    private const string NextKeyName = "ca-next.key";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan BackDate = TimeSpan.FromHours(1); // hosts' clocks may be behind

    // OWASP's figure for PBKDF2 with SHA-256; paid once per start.
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 600_000);

    /// <summary>Absolute path of the certificate that clients verify the server with.</summary>
    public string CertificateFile => PathOf(CertificateName);

    /// <summary>Changes when any of the files does.</summary>
    public string Stamp => string.Join(' ', new[] { CertificateName, KeyName, NextCertificateName, NextKeyName }
        .Select(name => new FileInfo(PathOf(name)) is { Exists: true } file ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "-"));

    /// <summary>Whether there is an authority.</summary>
    public bool Exist => File.Exists(CertificateFile);

    /// <summary>Reads what there is; makes an authority when there is none.</summary>
    /// <exception cref="StartException">There is one, and it cannot be used.</exception>
    public AuthoritySet Ensure(out string? reason)
    {
        reason = null;
        if (!Exist)
        {
            // A key alone is from a start that was killed before the certificate was there: nobody ever saw it.
            Make(CertificateName, KeyName);
            reason = "certificate authority made: there was none";
        }

        FinishRetirement();
        X509Certificate2 current = Load(CertificateName, KeyName);
        return new AuthoritySet(current, File.Exists(PathOf(NextCertificateName)) ? Load(NextCertificateName, NextKeyName) : current);
    }

    /// <summary>Takes over an authority that was made elsewhere.</summary>
    /// <exception cref="StartException">There is one already, or the files hold no authority that can be used.</exception>
    public void Import(string certificateFile, string keyFile)
    {
        RefuseWhenThereIsOne();
        X509Certificate2 authority = AuthorityCheck.Load(File.ReadAllText(certificateFile), File.ReadAllText(keyFile), passphrase, certificateFile, keyFile);
        AuthorityCheck.Require(authority, certificateFile, time.GetUtcNow());
        using ECDsa key = authority.GetECDsaPrivateKey()!;
        Save(authority, key, CertificateName, KeyName);
    }

    /// <summary>Makes the first authority.</summary>
    /// <exception cref="StartException">There is one already.</exception>
    public void MakeFirst()
    {
        RefuseWhenThereIsOne();
        Make(CertificateName, KeyName);
    }

    /// <summary>Begins a rotation: makes the next authority. Hosts hear of it when they renew.</summary>
    /// <exception cref="StartException">There is no authority, or a rotation is under way.</exception>
    public AuthoritySet Rotate()
    {
        if (!Exist)
        {
            throw new StartException(ExitCodes.CannotCreate, $"there is no authority in {directory}: hostaggregator init makes one");
        }

        if (Ensure(out _).IsRotating)
        {
            throw new StartException(
                ExitCodes.CannotCreate, "a rotation is under way already: when every host has renewed, `hostaggregator ca retire` ends it");
        }

        Make(NextCertificateName, NextKeyName);
        return Ensure(out _);
    }

    /// <summary>Ends a rotation: the next authority becomes the only one.</summary>
    /// <exception cref="StartException">No rotation is under way.</exception>
    public AuthoritySet Retire()
    {
        if (!Ensure(out _).IsRotating)
        {
            throw new StartException(ExitCodes.CannotCreate, "no rotation is under way: `hostaggregator ca rotate` begins one");
        }

        File.Move(PathOf(NextKeyName), PathOf(KeyName), overwrite: true);
        FinishRetirement();
        return Ensure(out _);
    }

    // A retirement that was killed half-way: the next key has taken its place already, its certificate follows.
    private void FinishRetirement()
    {
        if (File.Exists(PathOf(NextCertificateName)) && !File.Exists(PathOf(NextKeyName)))
        {
            try
            {
                File.Move(PathOf(NextCertificateName), CertificateFile, overwrite: true);
            }
            catch (FileNotFoundException)
            {
                // The other of the two, `ca retire` and the running aggregator, was quicker.
            }
        }
    }

    private void RefuseWhenThereIsOne()
    {
        if (Exist)
        {
            throw new StartException(
                ExitCodes.CannotCreate, $"{CertificateFile} is there already, and every host trusts it; to replace it use `hostaggregator ca rotate`");
        }
    }

    private X509Certificate2 Load(string certificateName, string keyName)
    {
        try
        {
            return AuthorityCheck.Load(File.ReadAllText(PathOf(certificateName)), File.ReadAllText(PathOf(keyName)), passphrase, certificateName, keyName);
        }
        catch (FileNotFoundException e)
        {
            throw new StartException(
                ExitCodes.CannotCreate,
                $"{e.FileName} is missing, and hosts trust the authority it belongs to: bring it back from a backup. A new authority is made only when "
                + $"{CertificateName} is gone too; then every host has to be enrolled again.",
                e);
        }
    }

    private void Make(string certificateName, string keyName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = time.GetUtcNow();

        // The date keeps two authorities of one machine apart in a chain: names are what a chain is first looked up by.
        CertificateRequest request = CertificateForms.Request($"HostAgent CA of {hostName}", key, $"made {now:yyyy-MM-dd HH:mm:ss}");
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2 made = request.CreateSelfSigned(now - BackDate, now + Lifetime);
        Save(made, key, certificateName, keyName);
    }

    private void Save(X509Certificate2 certificate, ECDsa key, string certificateName, string keyName)
    {
        string pem = passphrase is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, Encryption);
        AtomicFile.Write(PathOf(keyName), Encoding.ASCII.GetBytes(pem + "\n"), AtomicFile.Private);
        AtomicFile.Write(PathOf(certificateName), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), AtomicFile.Public);
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}
