using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using HostAgent.Agent.Streaming;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Streaming;

/// <summary>What an operator reads when there is no connection, each with a peer that behaves so.</summary>
public sealed class ConnectionProblemTests : IDisposable
{
    private readonly TempDirectory _directory = new("problem");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_port_where_nothing_listens()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = new Uri($"https://{taken.LocalEndpoint}");
        taken.Stop();
        await SaysAsync(address, "nothing listens there (connection refused)");
    }

    [Fact]
    public async Task A_name_that_nobody_knows() => await SaysAsync(new Uri("https://no-such-aggregator.invalid:7443"), "its name (does not|cannot be) resolve");

    [Fact]
    public async Task A_certificate_of_another_authority()
    {
        await using var aggregator = await ScriptedAggregator.StartAsync();
        await SaysAsync(aggregator.Address, "certificate was not accepted: none of the authorities that this host trusts .* has signed it");
    }

    [Fact]
    public async Task A_certificate_that_has_expired()
    {
        var certificate = TestCertificates.Make(expired: true);
        await using var aggregator = await ScriptedAggregator.StartAsync(certificate: certificate);
        await SaysAsync(aggregator.Address, "certificate was not accepted: it has expired or is not valid yet", certificate.Ca.ExportCertificatePem());
    }

    [Fact]
    public async Task A_certificate_for_another_name()
    {
        var certificate = TestCertificates.Make("elsewhere.example");
        await using var aggregator = await ScriptedAggregator.StartAsync(certificate: certificate);
        await SaysAsync(aggregator.Address, "certificate was not accepted: it is for another name", certificate.Ca.ExportCertificatePem());
    }

    [Fact]
    public async Task A_peer_that_hangs_up_at_once() => await WithPeerAsync(
        static (_, _) => Task.CompletedTask, "Unavailable: (the aggregator ended the connection|the TLS handshake failed)");

    [Fact]
    public async Task A_peer_that_speaks_plain_HTTP() => await WithPeerAsync(
        static async (stream, cancellation) =>
        {
            await stream.ReadAtLeastAsync(new byte[64], 64, throwOnEndOfStream: false, cancellation);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
        },
        "the TLS handshake failed: what answers there does not speak TLS");

    [Fact]
    public async Task A_peer_with_TLS_but_without_HTTP_2()
    {
        var certificate = TestCertificates.Make();
        await WithPeerAsync(
            async (stream, cancellation) =>
            {
                await using var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate.Server }, cancellation);
                await tls.ReadAtLeastAsync(new byte[24], 24, throwOnEndOfStream: false, cancellation);
                await tls.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            },
            "what answers there is no HTTP/2 endpoint",
            certificate.Ca.ExportCertificatePem());
    }

    [Fact]
    public async Task A_peer_that_ends_the_connection_behind_the_handshake()
    {
        var certificate = TestCertificates.Make();
        await WithPeerAsync(
            async (stream, cancellation) =>
            {
                await using var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate.Server, ApplicationProtocols = [SslApplicationProtocol.Http2] }, cancellation);
            },
            "the aggregator ended the connection",
            certificate.Ca.ExportCertificatePem());
    }

    [Theory]
    [InlineData("net_ssl_io_cert_chain_validation, UntrustedRoot", "has signed it")]
    [InlineData("net_ssl_io_cert_chain_validation, NotTimeValid, UntrustedRoot", "it has expired")]
    [InlineData("net_ssl_io_cert_custom_validation, RemoteCertificateNameMismatch", "another name")]
    [InlineData("net_frame_read_size", "does not speak TLS")]
    public void The_static_file_has_only_the_names_of_the_texts(string message, string words)
    {
        var error = new HttpRequestException(HttpRequestError.SecureConnectionError, "net_http_ssl_connection_failed", new AuthenticationException(message));
        Assert.Contains(words, ConnectionProblem.InWords(error), StringComparison.Ordinal);
        Assert.DoesNotContain("net_", ConnectionProblem.InWords(error), StringComparison.Ordinal);
    }

    private async Task WithPeerAsync(Func<Stream, CancellationToken, Task> behave, string says, string? caPem = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        Task peer = ServeAsync(listener, behave, stop.Token);
        await SaysAsync(new Uri($"https://{listener.LocalEndpoint}"), says, caPem);
        await stop.CancelAsync();
        await peer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task ServeAsync(TcpListener listener, Func<Stream, CancellationToken, Task> behave, CancellationToken stop)
    {
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(stop);
            try
            {
                await behave(client.GetStream(), stop);
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // The agent hung up.
            }
        }
    }

    private async Task SaysAsync(Uri aggregator, string pattern, string? caPem = null)
    {
        await using var agent = new AgentRig(aggregator, caPem ?? TestCertificates.Make().Ca.ExportCertificatePem(), _directory.FullPath);
        agent.Tick();
        await Eventually.TrueAsync(() => agent.Logged.Any(line => line.StartsWith("Warning: No connection", StringComparison.Ordinal)), "it says that there is no connection");
        string line = agent.Logged.First(line => line.StartsWith("Warning: No connection", StringComparison.Ordinal));
        Assert.Matches(pattern.Replace("(connection refused)", @"\(connection refused\)", StringComparison.Ordinal), line);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
    }
}
