using System.IO.Compression;
using System.Net;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;
using HostAgent.TestSupport;

namespace HostAgent.Grpc.Tests.Hostile;

/// <summary>What the server answers to clients that break the protocol. After each, it still serves.</summary>
public sealed class HostileClientTests
{
    private const string Internal = "13";
    private const string Unimplemented = "12";
    private const string ResourceExhausted = "8";

    [Theory]
    [InlineData("a frame cut in its payload", new byte[] { 0, 0, 0, 0, 10, 1, 2, 3 }, Internal)]
    [InlineData("a frame cut in its prefix", new byte[] { 0, 0, 0 }, Internal)]
    [InlineData("no frame at all", new byte[0], Internal)]
    [InlineData("a compression flag of 2", new byte[] { 2, 0, 0, 0, 0 }, Internal)]
    [InlineData("a compression flag of 255", new byte[] { 255, 0, 0, 0, 0 }, Internal)]
    [InlineData("compressed without an encoding", new byte[] { 1, 0, 0, 0, 1, 7 }, Internal)]
    [InlineData("a length of 4 GB less 1", new byte[] { 0, 255, 255, 255, 255 }, ResourceExhausted)]
    [InlineData("a length of 2 GB", new byte[] { 0, 128, 0, 0, 0 }, ResourceExhausted)]
    [InlineData("a length of 4 MB and 1", new byte[] { 0, 0, 64, 0, 1 }, ResourceExhausted)]
    [InlineData("a payload that is not the message", new byte[] { 0, 0, 0, 0, 3, 255, 255, 255 }, Internal)]
    [InlineData("two messages where one is due", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, Internal)]
    public async Task A_malformed_body_gets_its_status(string what, byte[] body, string status)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", body);
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.True(await RawCall.StatusAsync(response) == status, what);
        Assert.Equal(0, server.State.Begun);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task A_gzip_bomb_is_cut_off_at_the_limit()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++)
            {
                gzip.Write(zeros);
            }
        }

        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame(bomb.ToArray(), flag: 1));
        request.Headers.Add("grpc-encoding", "gzip");
        long before = GC.GetTotalAllocatedBytes();
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(ResourceExhausted, await RawCall.StatusAsync(response));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 60_000_000);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task Bytes_that_are_not_gzip_are_an_internal_error()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], flag: 1));
        request.Headers.Add("grpc-encoding", "gzip");
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(Internal, await RawCall.StatusAsync(response));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/grpcx")]
    [InlineData("application/json")]
    public async Task Another_content_type_is_refused_by_HTTP(string type)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame([]));
        request.Content!.Headers.Remove("content-type");
        request.Content.Headers.TryAddWithoutValidation("content-type", type);
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(0, server.State.Begun);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task A_content_type_with_a_suffix_is_gRPC(string type)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame([]));
        request.Content!.Headers.Remove("content-type");
        request.Content.Headers.TryAddWithoutValidation("content-type", type);
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal("0", await RawCall.StatusAsync(response));
    }

    [Fact]
    public async Task A_method_other_than_POST_is_refused_by_HTTP()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame([]));
        request.Method = HttpMethod.Put;
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Binary_metadata_that_is_not_base64_is_an_internal_error_of_the_call()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame([]));
        request.Headers.TryAddWithoutValidation("probe-bin", "!!!not base64!!!");
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(Internal, await RawCall.StatusAsync(response));
        await StillServesAsync(server);
    }

    [Fact]
    public async Task A_stream_reset_in_the_middle_of_a_message_ends_its_method()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using Http2Wire wire = await Http2Wire.ConnectAsync(server.Port);
        await wire.OpenCallAsync(1, "Echo");
        await wire.SendAsync(Http2Wire.Data, 0, 1, [0, 0, 0, 0, 100, 1, 2, 3]);
        await Eventually.TrueAsync(() => server.State.Begun == 1, "the call arrives");
        await wire.SendAsync(Http2Wire.RstStream, 0, 1, [0, 0, 0, 8]);
        await Eventually.TrueAsync(() => server.State.Ended == 1, "the method ends");
        await Eventually.TrueAsync(() => server.State.Cancellation.IsCancellationRequested, "the method's token fires");
        Assert.NotNull(server.State.LastFailure);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task A_thousand_streams_opened_and_reset_leave_nothing_running()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using (Http2Wire wire = await Http2Wire.ConnectAsync(server.Port))
        {
            try
            {
                for (int stream = 1; stream < 2000; stream += 2)
                {
                    await wire.OpenCallAsync(stream, "Echo");
                    await wire.SendAsync(Http2Wire.RstStream, 0, stream, [0, 0, 0, 8]);
                }
            }
            catch (IOException)
            {
                // Kestrel has had enough of this connection (ENHANCE_YOUR_CALM).
            }
        }

        await Eventually.TrueAsync(() => server.State.Begun == server.State.Ended, "every method that began has ended");
        await StillServesAsync(server);
    }

    [Fact]
    public async Task A_connection_reset_in_the_middle_of_calls_ends_their_methods()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using Http2Wire wire = await Http2Wire.ConnectAsync(server.Port);
        for (int stream = 1; stream < 40; stream += 2)
        {
            await wire.OpenCallAsync(stream, "Echo");
            await wire.SendAsync(Http2Wire.Data, 0, stream, [0, 0, 0]);
        }

        await Eventually.TrueAsync(() => server.State.Begun == 20, "the calls arrive");
        wire.Abort();
        await Eventually.TrueAsync(() => server.State.Ended == 20, "the methods end");
        await StillServesAsync(server);
    }

    [Fact]
    public async Task A_client_that_answers_no_ping_is_given_up()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(kestrel: static k =>
        {
            k.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
            k.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
        });
        using Http2Wire silent = await Http2Wire.ConnectAsync(server.Port);
        await silent.OpenCallAsync(1, "Echo");
        await Eventually.TrueAsync(() => server.State.Begun == 1, "the call arrives");
        await Eventually.TrueAsync(() => server.State.Ended == 1, "the method ends");
        await Eventually.TrueAsync(() => server.State.Cancellation.IsCancellationRequested, "the method's token fires");
        Assert.NotNull(server.State.LastFailure);
    }

    [Fact]
    public async Task A_flood_of_headers_is_refused()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using Http2Wire wire = await Http2Wire.ConnectAsync(server.Port);
        (string, string)[] flood = [.. Enumerable.Range(0, 15).Select(static i => ($"flood-{i}", new string('x', 1000)))];
        await wire.OpenCallAsync(1, "Unary", end: false, flood); // 15 KB pass
        (string, string)[] many = [.. Enumerable.Range(0, 150).Select(static i => ($"f{i}", "x"))];
        await wire.OpenCallAsync(3, "Unary", end: true, many);   // 150 fields do not
        string answer = await wire.ReadCallAsync(3);
        Assert.DoesNotContain("grpc-status", answer, StringComparison.Ordinal);
        Assert.Equal(0, server.State.Begun);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task A_message_in_a_thousand_pieces_arrives_whole()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using Http2Wire wire = await Http2Wire.ConnectAsync(server.Port);
        await wire.OpenCallAsync(1, "Unary");
        byte[] frame = RawCall.Frame(Google.Protobuf.MessageExtensions.ToByteArray(new ProbeRequest { Text = new string('p', 900) }));
        for (int i = 0; i < frame.Length; i++)
        {
            await wire.SendAsync(Http2Wire.Data, i == frame.Length - 1 ? Http2Wire.EndStream : (byte)0, 1, [frame[i]]);
        }

        Assert.Contains("grpc-status", await wire.ReadCallAsync(1), StringComparison.Ordinal);
        Assert.Equal(1, server.State.Begun);
    }

    [Fact]
    public async Task An_unknown_encoding_without_compressed_messages_is_Unimplemented()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", RawCall.Frame([]));
        request.Headers.Add("grpc-encoding", "zip");
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(Unimplemented, await RawCall.StatusAsync(response));
    }

    private static async Task StillServesAsync(ProbeServer server)
    {
        using GrpcChannel channel = server.Connect();
        Assert.Equal("alive", (await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Text = "alive" })).Text);
    }
}
