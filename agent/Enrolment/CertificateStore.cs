using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Enrolment;

/// <summary>This host's certificate and key on disk; FORMAT.md has the form.</summary>
internal sealed partial class CertificateStore(string directory, ILogger log)
{
    private const string RenewAfter = "renew-after-unix-ms ";

    /// <summary>Where the certificate is.</summary>
    public string CertificateFile { get; } = Path.Combine(directory, "host.pem");

    private string KeyFile { get; } = Path.Combine(directory, "enrolment.key");

    /// <summary>What is there for this host; null: nothing that can be used.</summary>
    public HeldCertificate? Load(string hostId)
    {
        try
        {
            if (!File.Exists(CertificateFile))
            {
                return null;
            }

            var text = File.ReadAllText(CertificateFile);
            var line = text.AsSpan(0, Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal)));
            if (!line.StartsWith(RenewAfter) || !long.TryParse(line[RenewAfter.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var renewAfter))
            {
                throw new CryptographicException("its first line is not the time of renewal");
            }

            var all = new X509Certificate2Collection();
            all.ImportFromPem(text);
            var own = X509Certificate2.CreateFromPem(text, text);
            return own.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == hostId
                ? new HeldCertificate(own, [.. all.Skip(1)], DateTimeOffset.FromUnixTimeMilliseconds(renewAfter))
                : throw new CryptographicException("it belongs to another host");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            LogUnreadable(log, CertificateFile, error.Message);
            return null;
        }
    }

    /// <summary>Keeps a certificate. A disk that refuses is logged: this run can do without.</summary>
    public void Save(HeldCertificate held)
    {
        using var key = held.Certificate.GetECDsaPrivateKey()!;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{RenewAfter}{held.RenewAfter.ToUnixTimeMilliseconds()}\n")
            .Append(held.Certificate.ExportCertificatePem()).Append('\n').Append(key.ExportPkcs8PrivateKeyPem()).Append('\n');
        foreach (var authority in held.Authorities)
        {
            text.Append(authority.ExportCertificatePem()).Append('\n');
        }

        try
        {
            Directory.CreateDirectory(directory);
            PrivateFile.Replace(CertificateFile, Encoding.ASCII.GetBytes(text.ToString()));
            File.Delete(KeyFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotKept(log, CertificateFile, error.Message);
        }
    }

    /// <summary>The key of the enrolment that is under way: the one of an earlier try, or a new one, kept.</summary>
    public ECDsa EnrolmentKey()
    {
        try
        {
            if (File.Exists(KeyFile))
            {
                var known = ECDsa.Create();
                known.ImportFromPem(File.ReadAllText(KeyFile));
                return known;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            LogUnreadable(log, KeyFile, error.Message);
        }

        var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            Directory.CreateDirectory(directory);
            PrivateFile.Replace(KeyFile, Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem() + "\n"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotKept(log, KeyFile, error.Message);
        }

        return made;
    }

    [LoggerMessage(81, LogLevel.Warning, "{File} cannot be used and counts as missing: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string file, string reason);

    [LoggerMessage(82, LogLevel.Error, "{File} could not be written: {Reason}. This run goes on with what is in memory; the next start has to enrol again")]
    private static partial void LogNotKept(ILogger log, string file, string reason);
}
