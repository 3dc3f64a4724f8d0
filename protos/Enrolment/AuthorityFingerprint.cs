using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Protos.Enrolment;

/// <summary>What a token knows an authority by.</summary>
public static class AuthorityFingerprint
{
    /// <summary>SHA-256 of the certificate's SubjectPublicKeyInfo (RFC 5280 4.1), in base64url without padding: 43 characters.</summary>
    public static string Of(X509Certificate2 authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        return Base64Url.EncodeToString(SHA256.HashData(authority.PublicKey.ExportSubjectPublicKeyInfo()));
    }
}
