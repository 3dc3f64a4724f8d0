using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Aggregator.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>The room's services, and its part of the TLS handshake.</summary>
internal static class EnrolmentRegistration
{
    /// <summary>Needs IDocumentStore, ServerCertificate, DataDirectory and TimeProvider.</summary>
    public static void AddEnrolment(this IServiceCollection services, EnrolmentOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<Func<AuthoritySet>>(static provider => () => provider.GetRequiredService<ServerCertificate>().Authorities);
        services.AddSingleton<HostCalls>();
        services.AddSingleton<HostRevocations>();
        services.AddSingleton<EnrolledHosts>();
        services.AddSingleton<EnrolmentTokens>();
        services.AddSingleton<ClientCertificates>();
        services.AddSingleton<EnrolmentDesk>();
        services.AddSingleton<HostGate>();
        services.AddSingleton<HostCertificateInterceptor>();
        services.AddHostedSingleton<LocalToken>();
    }

    /// <summary>Asks every client for a certificate and notes what it proves. A bad one does not fail the handshake: a gRPC status says what is
    /// wrong with it, a TLS alert would not.</summary>
    public static SslServerAuthenticationOptions Handshake(this ClientCertificates certificates, TlsHandshakeCallbackContext context)
    {
        ConnectionContext connection = context.Connection;
        return new SslServerAuthenticationOptions
        {
            ClientCertificateRequired = true,
            CertificateChainPolicy = certificates.Policy(),
#pragma warning disable CA5359 // what the certificate proves is noted here, and HostGate refuses every call of one that proves nothing
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                connection.Features.Set(certificate is X509Certificate2 leaf && chain is not null
                    ? ClientCertificates.Judge(leaf, chain)
                    : ClientIdentity.Anonymous);
                return true;
            },
#pragma warning restore CA5359
        };
    }
}
