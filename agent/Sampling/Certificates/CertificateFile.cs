using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HostAgent.Agent.Sampling.Certificates;

/// <summary>Certificates in a file: PEM (RFC 7468), any number of them and anything between, or one in DER.</summary>
internal static class CertificateFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads a file.</summary>
    public static async Task<TlsReport> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[MaxBytes];
            int count = await file.ReadAtLeastAsync(bytes, MaxBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Parse(bytes.AsSpan(0, count));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new TlsReport { Failure = "missing" };
        }
        catch (UnauthorizedAccessException)
        {
            return new TlsReport { Failure = "forbidden" };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new TlsReport { Failure = "other" };
        }
    }

    /// <summary>Reads the certificates out of the bytes of a file.</summary>
    public static TlsReport Parse(ReadOnlySpan<byte> bytes)
    {
        List<CertificateFacts> found = [];
        try
        {
            ReadOnlySpan<char> text = Encoding.Latin1.GetString(bytes);
            bool isPem = false;
            while (found.Count < TlsReport.MaxCertificates && PemEncoding.TryFind(text, out PemFields fields))
            {
                isPem = true;
                if (text[fields.Label] is "CERTIFICATE")
                {
                    byte[] der = new byte[fields.DecodedDataLength];
                    Convert.TryFromBase64Chars(text[fields.Base64Data], der, out _);
                    found.Add(FactsOf(der));
                }

                text = text[fields.Location.End..];
            }

            if (!isPem)
            {
                found.Add(FactsOf(bytes));
            }
        }
        catch (CryptographicException)
        {
            return new TlsReport { Failure = "format" };
        }

        return found.Count > 0 ? new TlsReport { Certificates = found } : new TlsReport { Failure = "format" };
    }

    private static CertificateFacts FactsOf(ReadOnlySpan<byte> der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        return CertificateFacts.Of(certificate);
    }
}
