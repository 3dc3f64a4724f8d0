using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What a client's certificate says of it.</summary>
internal static class PeerIdentity
{
    private const string CommonName = "x509_common_name";
    private const string AlternativeName = "x509_subject_alternative_name";

    private static readonly AuthContext Anonymous = new(null, []);

    public static AuthContext Of(ConnectionInfo connection)
    {
        if (connection.ClientCertificate is not { } certificate)
        {
            return Anonymous;
        }

        var properties = new Dictionary<string, List<AuthProperty>>();
        string? identity = null;
        if (certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name)
        {
            identity = CommonName;
            properties.Add(CommonName, [Property(CommonName, name)]);
        }

        foreach (X509SubjectAlternativeNameExtension names in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            List<AuthProperty> alternatives = [.. names.EnumerateDnsNames().Select(static dns => Property(AlternativeName, dns))];
            if (alternatives.Count > 0)
            {
                identity = AlternativeName;
                properties[AlternativeName] = alternatives;
            }
        }

        return new AuthContext(identity, properties);
    }

    private static AuthProperty Property(string name, string value) => AuthProperty.Create(name, Encoding.UTF8.GetBytes(value));
}
