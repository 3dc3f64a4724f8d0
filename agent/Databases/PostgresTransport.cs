using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Agent.Databases;

/// <summary>The stream to a server, encrypted as the options say.</summary>
internal static class PostgresTransport
{
    private const int SslRequest = 80877103;

    /// <summary>Connects. Throws what sockets and TLS throw.</summary>
    public static async Task<Stream> ConnectAsync(ConnectionOptions options, CancellationToken cancellation)
    {
        bool isLocal = options.Host.StartsWith('/');
        var socket = isLocal ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (isLocal)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint($"{options.Host}/.s.PGSQL.{options.Port}"), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }

            await socket.ConnectAsync(options.Host, options.Port, cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return options.SslMode is "disable" or "allow" ? stream : await SecureAsync(stream, options, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream stream, ConnectionOptions options, CancellationToken cancellation)
    {
        byte[] request = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(request, 8);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(4), SslRequest);
        await stream.WriteAsync(request, cancellation);

        // One byte and no more: what follows it unencrypted would be somebody in between.
        byte[] answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancellation);
        if (answer[0] != (byte)'S')
        {
            return options.SslMode == "prefer" ? stream : throw new AuthenticationException("the server does not offer TLS, which sslmode asks for");
        }

        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = options.Host,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(options, certificate, errors),
        }, cancellation);
        return secure;
    }

    // https://www.postgresql.org/docs/current/libpq-ssl.html: require checks nothing unless authorities are named; verify-ca does not check the name.
    private static bool IsTrusted(ConnectionOptions options, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (options.SslMode is "prefer" || (options.SslMode == "require" && options.RootCertificate is null))
        {
            return true;
        }

        if (certificate is null || (options.SslMode == "verify-full" && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)))
        {
            return false;
        }

        if (options.RootCertificate is null)
        {
            return !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(options.RootCertificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using X509Certificate2 server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(server);
    }
}
