using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Aggregator.Hosting;
using HostAgent.Protos.Enrolment;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Makes hosts' certificates and reads them again. The host's identity is a URI in the subject's alternative names.</summary>
/// <param name="authorities">The authorities at the time of the call.</param>
/// <param name="time">The aggregator's clock.</param>
internal sealed class ClientCertificates(Func<AuthoritySet> authorities, TimeProvider time)
{
    private const string HostUri = "urn:hostagent:host:";
    private const string SubjectAlternativeName = "2.5.29.17"; // RFC 5280 4.2.1.6
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6); // uniformResourceIdentifier [6] IA5String
    private static readonly TimeSpan BackDate = TimeSpan.FromHours(1); // hosts' clocks may be behind

    /// <summary>Signs a certificate for a host's key.</summary>
    public X509Certificate2 Issue(ECDsa key, string hostId, TimeSpan lifetime)
    {
        X509Certificate2 authority = authorities().ForHosts;
        CertificateRequest request = CertificateForms.Request(hostId, key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(HostUri + hostId));
        request.CertificateExtensions.Add(names.Build());
        CertificateForms.AddLeafExtensions(request, authority, CertificateForms.ClientAuthentication);
        DateTimeOffset now = time.GetUtcNow();
        return CertificateForms.Sign(request, authority, now - BackDate, now + lifetime);
    }

    /// <summary>How the chain of a client is to be built: from our authorities alone, without asking the network for anything.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().UtcDateTime,
            VerificationTimeIgnored = false,
            ApplicationPolicy = { new Oid(CertificateForms.ClientAuthentication) },
        };
        foreach (X509Certificate2 authority in authorities().Trusted)
        {
            policy.CustomTrustStore.Add(authority);
        }

        return policy;
    }

    /// <summary>What a certificate proves whose chain was built by <see cref="Policy"/>. Its end is not judged here but at every call.</summary>
    public static ClientIdentity Judge(X509Certificate2 certificate, X509Chain chain)
    {
        X509ChainStatusFlags flaws = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, status) => all | status.Status);
        if ((flaws & ~X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError)
        {
            return new ClientIdentity(null, $"the client's certificate does not come from an authority of this aggregator ({flaws}); enrol the host here");
        }

        return HostOf(certificate) is { } hostId
            ? new ClientIdentity(new HostCertificate(hostId, certificate.SerialNumber, new DateTimeOffset(certificate.NotAfter.ToUniversalTime())), null)
            : new ClientIdentity(null, "the client's certificate names no host");
    }

    private static string? HostOf(X509Certificate2 certificate)
    {
        try
        {
            if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
            {
                return null;
            }

            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            string? only = null;
            while (names.HasData)
            {
                if (only is not null || !names.PeekTag().HasSameClassAndValue(UriTag))
                {
                    return null; // exactly one name, and that a URI: nothing else is ever signed here
                }

                only = names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
            }

            return only is not null && only.StartsWith(HostUri, StringComparison.Ordinal) && HostIdText.IsValid(only[HostUri.Length..])
                ? only[HostUri.Length..]
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
