using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Grpc.Testing;
using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>One channel of ours to an interop server.</summary>
internal sealed class InteropClient : IDisposable
{
    private readonly GrpcChannel _channel;

    /// <param name="server">What the server can do.</param>
    /// <param name="port">Where it, or a relay in front of it, listens.</param>
    /// <param name="security">What that port expects.</param>
    /// <param name="trusted">The authority that the server's certificate must come from.</param>
    /// <param name="shown">The certificate to show; null shows none.</param>
    public InteropClient(IInteropServer server, int port, Security security, X509Certificate2 trusted, X509Certificate2? shown)
    {
        ChecksCompression = server.ChecksCompression;
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        if (security != Security.Plaintext)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = InteropCertificates.PolicyOf(trusted),
                ClientCertificates = shown is null ? null : [shown],
            };
        }

        string scheme = security == Security.Plaintext ? "http" : "https";
        _channel = GrpcChannel.ForAddress(
            $"{scheme}://localhost:{port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Service = new TestService.TestServiceClient(_channel);
        Nobody = new UnimplementedService.UnimplementedServiceClient(_channel);
    }

    /// <summary>The service of the cases.</summary>
    public TestService.TestServiceClient Service { get; }

    /// <summary>A service that no server has.</summary>
    public UnimplementedService.UnimplementedServiceClient Nobody { get; }

    /// <inheritdoc cref="IInteropServer.ChecksCompression"/>
    public bool ChecksCompression { get; }

    public void Dispose() => _channel.Dispose();
}
