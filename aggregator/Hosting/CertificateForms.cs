using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Aggregator.Hosting;

/// <summary>What all certificates made here have in common (RFC 5280).</summary>
internal static class CertificateForms
{
    /// <summary>RFC 5280 4.2.1.12 id-kp-serverAuth.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>RFC 5280 4.2.1.12 id-kp-clientAuth.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>A request for the name and key; the caller adds extensions.</summary>
    public static CertificateRequest Request(string commonName, ECDsa key, string? unit = null)
    {
        var name = new X500DistinguishedNameBuilder();
        if (unit is not null)
        {
            name.AddOrganizationalUnitName(unit);
        }

        name.AddCommonName(commonName.Length > 64 ? commonName[..64] : commonName); // RFC 5280 ub-common-name
        return new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
    }

    /// <summary>Adds what every leaf has: no authority, signs only, one purpose, the identifiers of its own key and its authority's.</summary>
    public static void AddLeafExtensions(CertificateRequest request, X509Certificate2 authority, string purpose)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
    }

    /// <summary>Signs; the times are cut to the authority's own.</summary>
    public static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 authority, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x01); // positive and of full length, RFC 5280 4.1.2.2
        DateTimeOffset from = new(authority.NotBefore.ToUniversalTime()), to = new(authority.NotAfter.ToUniversalTime());
        return request.Create(authority, notBefore > from ? notBefore : from, notAfter < to ? notAfter : to, serial);
    }
}
