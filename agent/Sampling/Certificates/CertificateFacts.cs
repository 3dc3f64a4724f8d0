using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Agent.Sampling.Certificates;

/// <summary>What is told of one certificate.</summary>
/// <param name="Subject">Its common name, or the first of its names.</param>
/// <param name="Issuer">The common name of who signed it.</param>
/// <param name="Serial">Serial number in hexadecimal.</param>
/// <param name="Names">DNS names and addresses that it is for, joined by commas, the first ones where there are many.</param>
/// <param name="NotBefore">Unix seconds.</param>
/// <param name="NotAfter">Unix seconds.</param>
internal sealed record CertificateFacts(string Subject, string Issuer, string Serial, string Names, long NotBefore, long NotAfter)
{
    private const int MaxNames = 10;
    private const int MaxCharacters = 200;

    /// <summary>Reads them out of a certificate.</summary>
    public static CertificateFacts Of(X509Certificate2 certificate)
    {
        List<string> names = [];
        foreach (X509SubjectAlternativeNameExtension extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())).Take(MaxNames));
        }

        string subject = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return new CertificateFacts(
            Short(subject.Length > 0 ? subject : names.FirstOrDefault() ?? certificate.Subject),
            Short(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)), Short(certificate.SerialNumber), Short(string.Join(',', names.Take(MaxNames))),
            Seconds(certificate.NotBefore), Seconds(certificate.NotAfter));
    }

    private static string Short(string text) => text.Length <= MaxCharacters ? text : text[..MaxCharacters];

    private static long Seconds(DateTime time) => new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeSeconds();
}
