using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>gzip, deflate and identity, both ways, and messages that opt out.</summary>
public sealed class CompressionTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task Requests_are_compressed_as_the_metadata_asks(string encoding)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call =
            new Probe.Probe.ProbeClient(channel).Collect(new Metadata { { "grpc-internal-encoding-request", encoding } });
        await call.RequestStream.WriteAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[100_000]) });
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[11]) });
        await call.RequestStream.CompleteAsync();
        Assert.Equal("100011 bytes", (await call).Text);
        Assert.Null(server.State.Headers!.Get("grpc-internal-encoding-request"));
    }

    [Fact]
    public async Task A_compressed_request_is_small_on_the_wire_and_flagged()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.ResponseCompressionAlgorithm = "gzip");
        byte[] reply = await ReplyBodyAsync(server, new ProbeRequest { ReplyBytes = 50_000 }, accept: "gzip");
        Assert.Equal(1, reply[0]);
        Assert.True(reply.Length < 1000, $"{reply.Length} bytes");
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("deflate")]
    [InlineData(null)]
    public async Task Responses_are_plain_for_a_client_that_does_not_accept_the_algorithm(string? accept)
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.ResponseCompressionAlgorithm = "gzip");
        byte[] reply = await ReplyBodyAsync(server, new ProbeRequest { ReplyBytes = 50_000 }, accept);
        Assert.Equal(0, reply[0]);
        Assert.True(reply.Length > 50_000);
    }

    [Fact]
    public async Task A_method_can_compress_its_responses_itself()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        byte[] reply = await ReplyBodyAsync(server, new ProbeRequest { ReplyBytes = 50_000, Behaviour = "gzip" }, "identity, gzip");
        Assert.Equal(1, reply[0]);
    }

    [Fact]
    public async Task A_method_can_leave_its_response_plain()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.ResponseCompressionAlgorithm = "gzip");
        byte[] reply = await ReplyBodyAsync(server, new ProbeRequest { ReplyBytes = 50_000, Behaviour = "plain" }, "gzip");
        Assert.Equal(0, reply[0]);
    }

    [Fact]
    public async Task Compressed_streams_go_both_ways()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.ResponseCompressionAlgorithm = "gzip");
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call =
            new Probe.Probe.ProbeClient(channel).Echo(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        for (int i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = new string('a', i * 100), ReplyBytes = i * 1000 });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i * 1000, call.ResponseStream.Current.Payload.Length);
            Assert.Equal(i * 100, call.ResponseStream.Current.Text.Length);
        }
    }

    [Fact]
    public async Task An_encoding_that_the_server_does_not_know_is_Unimplemented_and_it_says_what_it_knows()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame([1, 2, 3], flag: 1));
        request.Headers.Add("grpc-encoding", "snappy");
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal("12", await RawCall.StatusAsync(response));
        Assert.Equal("identity,gzip,deflate", response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    private static async Task<byte[]> ReplyBodyAsync(ProbeServer server, ProbeRequest message, string? accept)
    {
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", message);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-accept-encoding", accept);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal("0", await RawCall.StatusAsync(response));
        return await response.Content.ReadAsByteArrayAsync();
    }
}
