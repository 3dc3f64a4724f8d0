using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace HostAgent.Agent.Streaming;

/// <summary>Makes the one connection to the aggregator that both lanes share: TLS verified on both sides, HTTP/2, and nothing that wakes up by
/// itself.</summary>
internal static class AggregatorChannel
{
    /// <exception cref="IOException">The file of the certificate authority cannot be read.</exception>
    /// <exception cref="CryptographicException">It holds no certificate.</exception>
    public static GrpcChannel Open(StreamingOptions options, StreamFigures figures, ChannelTrust trust)
    {
        var handler = Handler(options, figures);
        handler.SslOptions.ClientCertificateContext = trust.Certificate;
        if (options.CaFile is { } file)
        {
            handler.SslOptions.CertificateChainPolicy = TrustOnly(file);
        }
        else if (trust.Authorities.Count > 0)
        {
            handler.SslOptions.CertificateChainPolicy = TrustOnly(trust.Authorities);
        }

        return Channel(options, handler);
    }

    /// <summary>A connection to whoever answers, for what is no secret and is verified by other means.</summary>
    public static GrpcChannel OpenUnverified(StreamingOptions options)
    {
        var handler = Handler(options, new StreamFigures());
#pragma warning disable CA5359 // nothing is told to this server, and of its answer only a certificate with the right fingerprint is believed
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return Channel(options, handler);
    }

    /// <summary>A connection to a server that one of these authorities vouches for, whatever the settings say.</summary>
    public static GrpcChannel OpenPinned(StreamingOptions options, ChannelTrust trust)
    {
        var handler = Handler(options, new StreamFigures());
        handler.SslOptions.ClientCertificateContext = trust.Certificate;
        handler.SslOptions.CertificateChainPolicy = TrustOnly(trust.Authorities);
        return Channel(options, handler);
    }

    private static SocketsHttpHandler Handler(StreamingOptions options, StreamFigures figures)
    {
        return new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, figures, cancellation),
            // A dead peer is noticed by missing acknowledgements, so no pings and no timers.
            KeepAlivePingDelay = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
    }

    private static GrpcChannel Channel(StreamingOptions options, SocketsHttpHandler handler)
        => GrpcChannel.ForAddress(options.Aggregator, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });

    private static X509ChainPolicy TrustOnly(IReadOnlyList<X509Certificate2> authorities)
    {
        var policy = NoPolicy();
        policy.CustomTrustStore.AddRange(authorities.ToArray());
        return policy;
    }

    private static X509ChainPolicy NoPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private static X509ChainPolicy TrustOnly(string caFile)
    {
        var policy = NoPolicy();
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        if (policy.CustomTrustStore.Count == 0)
        {
            throw new CryptographicException($"{caFile} holds no certificate in PEM form");
        }

        return policy;
    }

    private static async ValueTask<Stream> ConnectAsync(string host, int port, StreamFigures figures, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
            return new CountingStream(new NetworkStream(socket, ownsSocket: true), figures);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
