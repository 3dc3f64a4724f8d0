using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>Metadata both ways: text, bytes, repeated keys, headers and trailers.</summary>
public sealed class MetadataTests
{
    private static readonly byte[] Bytes = [0xab, 0xab, 0xab, 0, 255, 44];

    [Fact]
    public async Task Request_metadata_comes_back_as_response_headers_byte_for_byte()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var sent = new Metadata { { "Probe-Text", "a, b ; c" }, { "probe-data-bin", Bytes }, { "probe-many", "1" }, { "probe-many", "2" } };
        using AsyncUnaryCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Behaviour = "headers" }, sent);

        Metadata headers = await call.ResponseHeadersAsync;
        await call;
        Assert.Equal("a, b ; c", headers.GetValue("probe-text"));
        Assert.Equal(Bytes, headers.GetValueBytes("probe-data-bin"));
        Assert.Equal("1, 2", string.Join(", ", headers.GetAll("probe-many").Select(static e => e.Value))); // the protocol lets a hop join them
        Assert.Equal(Bytes, server.State.Headers!.GetValueBytes("probe-data-bin"));
    }

    [Fact]
    public async Task Trailers_of_a_method_arrive_after_the_response()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncUnaryCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Behaviour = "trailers" });
        await call;
        Assert.Equal("of the method", call.GetTrailers().GetValue("probe-trailer"));
        Assert.Equal([0, 1, 254, 255], call.GetTrailers().GetValueBytes("probe-bin"));
        Assert.Null((await call.ResponseHeadersAsync).Get("probe-trailer"));
    }

    [Fact]
    public async Task The_protocols_own_headers_are_not_metadata_and_cannot_be_forged()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var forged = new Metadata { { "grpc-timeout", "1n" }, { "content-type", "text/html" }, { "te", "x" }, { "grpc-encoding", "zip" } };
        using AsyncUnaryCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Text = "ok" }, forged);
        Assert.Equal("ok", (await call).Text);
        Assert.DoesNotContain(server.State.Headers!, static e => e.Key is "grpc-timeout" or "content-type" or "te" or "grpc-encoding");
        Assert.Equal(DateTime.MaxValue, server.State.Deadline);
    }

    [Fact]
    public async Task The_user_agent_names_grpc_and_keeps_what_the_caller_adds()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest(), new Metadata { { "user-agent", "probe/1" } });
        Assert.StartsWith("probe/1 grpc-dotnet", server.State.Headers!.GetValue("user-agent"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("Grüße")]
    public async Task A_text_value_that_HTTP_forbids_is_refused_before_anything_is_sent(string value)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest(), new Metadata { { "probe-text", value } }).ResponseAsync);
        Assert.Equal(StatusCode.Internal, e.StatusCode);
        Assert.Contains("probe-text", e.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(0, server.State.Begun);
    }

    [Fact]
    public async Task Trailers_that_HTTP_forbids_end_the_call_as_the_services_mistake()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Behaviour = "bad-trailers" }).ResponseAsync);
        Assert.Equal(StatusCode.Internal, e.StatusCode);
        Assert.Contains("probe-trailer", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_larger_than_the_client_allows_exhaust_a_resource()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect(handler: static h => h.MaxResponseHeadersLength = 1);
        var sent = new Metadata();
        for (int i = 0; i < 20; i++)
        {
            sent.Add($"probe-text-{i}", new string('x', 200));
        }

        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Behaviour = "headers" }, sent).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public async Task Request_headers_larger_than_the_server_allows_end_the_call_not_the_server()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(kestrel: static k => k.Limits.MaxRequestHeadersTotalSize = 2000);
        using GrpcChannel channel = server.Connect();
        var client = new Probe.Probe.ProbeClient(channel);
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => client.UnaryAsync(new ProbeRequest(), new Metadata { { "probe-text", new string('x', 9000) } }).ResponseAsync);
        Assert.NotEqual(StatusCode.OK, e.StatusCode);
        Assert.Equal("still here", (await client.UnaryAsync(new ProbeRequest { Text = "still here" })).Text);
    }
}
