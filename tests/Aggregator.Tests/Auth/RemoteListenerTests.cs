using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HostAgent.Aggregator.Tests.Auth;

/// <summary>An HTTP listener that other machines reach: TLS with the aggregator's own certificate, and nobody without a token.</summary>
public sealed class RemoteListenerTests
{
    [Fact]
    public async Task It_speaks_TLS_only_and_answers_nobody_without_a_token()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync(http: IPAddress.Any);
        Assert.Equal("https", aggregator.Url.Scheme);

        using HttpClient trusting = Client(aggregator);
        foreach (string path in new[] { "/v1/hosts", "/metrics", "/health", "/v1/me" })
        {
            using HttpResponseMessage refused = await trusting.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode); // also from loopback: the listener decides
        }

        trusting.DefaultRequestHeaders.Authorization = new("Bearer", aggregator.AdminToken);
        using HttpResponseMessage answered = await trusting.GetAsync(new Uri("/v1/hosts", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);

        using var stranger = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(aggregator.Url)); // an authority that it does not know
        Assert.Equal("", await PlainAsync(aggregator.Url.Port));
    }

    [Fact]
    public async Task Its_cookie_is_held_to_this_host_and_to_TLS()
    {
        await using GuardedAggregator aggregator = await GuardedAggregator.StartAsync(http: IPAddress.Any);
        using HttpClient client = Client(aggregator);
        using var body = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = aggregator.AdminToken });
        using HttpResponseMessage login = await client.PostAsync(new Uri("/v1/login", UriKind.Relative), body);
        string cookie = login.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-hostagent-session=", cookie);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private static HttpClient Client(GuardedAggregator aggregator)
    {
        X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(aggregator.Folder, "ca.crt"));
        return new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                    VerificationTime = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc),
                },
            },
        })
        {
            BaseAddress = aggregator.Url,
        };
    }

    // What the listener says to HTTP without TLS: nothing.
    private static async Task<string> PlainAsync(int port)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync("GET /v1/hosts HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[256];
        try
        {
            int read = await stream.ReadAsync(buffer, patience.Token);
            return Encoding.ASCII.GetString(buffer, 0, read).Contains("HTTP/", StringComparison.Ordinal) ? "HTTP" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
