using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Reads a certificate signing request (PKCS #10, RFC 2986): of all that it says, only the key counts.</summary>
internal static class SigningRequest
{
    /// <summary>A request for a P-256 key takes 200 to 300 bytes.</summary>
    public const int MaxBytes = 2048;

    private const string P256 = "1.2.840.10045.3.1.7"; // RFC 5480 2.1.1.1 secp256r1

    /// <summary>The key whose holder has signed the request.</summary>
    /// <exception cref="EnrolmentRefusedException">It is no request, nobody has signed it, or its key is of another kind.</exception>
    public static ECDsa KeyOf(ReadOnlySpan<byte> der)
    {
        if (der.Length is 0 or > MaxBytes)
        {
            throw Refused($"it has {der.Length} bytes; 1 to {MaxBytes} are allowed");
        }

        try
        {
            // Checks the signature, too: the sender holds the key.
            var request = CertificateRequest.LoadSigningRequest(der.ToArray(), HashAlgorithmName.SHA256, out int read);
            if (read != der.Length)
            {
                throw Refused("something follows it");
            }

            ECDsa? key = request.PublicKey.GetECDsaPublicKey();
            if (key is null || request.PublicKey.EncodedParameters is not { } parameters || Curve(parameters.RawData) != P256)
            {
                key?.Dispose();
                throw Refused("its key must be ECDSA P-256");
            }

            return key;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or ArgumentException or NotSupportedException or PlatformNotSupportedException)
        {
            throw Refused(e.Message);
        }
    }

    private static string Curve(byte[] parameters) => new AsnReader(parameters, AsnEncodingRules.DER).ReadObjectIdentifier();

    private static EnrolmentRefusedException Refused(string why) => new(false, $"the certificate request is not accepted: {why}", isMalformed: true);
}
