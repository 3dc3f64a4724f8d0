using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Aggregator.Tests.Api;

/// <summary>The two listeners and what each must not answer.</summary>
[Collection(AggregatorCollection.Name)]
public sealed class DoorTests(RunningAggregator aggregator)
{
    [Theory]
    [InlineData("/v1/hosts", null)]
    [InlineData("/health", null)]
    [InlineData("/metrics", "application/grpc")]
    [InlineData("/", "application/grpc")]
    public async Task The_door_of_the_agents_does_not_answer_the_HTTP_API(string path, string? contentType)
    {
        using HttpClient client = TrustingClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(aggregator.GrpcUrl, path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (contentType is not null)
        {
            request.Content = new ByteArrayContent([]) { Headers = { ContentType = new(contentType) } };
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_door_of_the_agents_shows_a_certificate_that_the_named_authority_signed()
    {
        using HttpClient client = TrustingClient();
        using HttpResponseMessage response = await client.SendAsync(Http2Request());
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode); // no TLS error: the handshake was trusted
        using var stranger = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.SendAsync(Http2Request()));

        HttpRequestMessage Http2Request()
            => new(HttpMethod.Get, aggregator.GrpcUrl) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("192.0.2.1")]
    [InlineData("localhost.evil.example")]
    public async Task A_foreign_Host_header_is_refused_on_loopback(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/hosts", UriKind.Relative)) { Headers = { Host = host } };
        using HttpResponseMessage response = await aggregator.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Contains("Host header", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("[::1]")]
    [InlineData("127.0.0.1")]
    public async Task A_Host_header_that_names_this_machine_is_fine(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/hosts", UriKind.Relative)) { Headers = { Host = host } };
        using HttpResponseMessage response = await aggregator.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private HttpClient TrustingClient()
    {
        X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(aggregator.Data.File("ca.crt"));
        return new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                    VerificationTime = new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc),
                },
            },
        });
    }
}
