using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>Limits on the size of messages at both ends.</summary>
public sealed class MessageLimitTests
{
    [Fact]
    public async Task The_client_does_not_send_more_than_its_limit()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect(static o => o.MaxSendMessageSize = 1000);
        var client = new Probe.Probe.ProbeClient(channel);
        var large = new ProbeRequest { Payload = ByteString.CopyFrom(new byte[1000]) };
        Assert.Equal(
            StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => client.UnaryAsync(large).ResponseAsync)).StatusCode);
        Assert.Equal(0, server.State.Begun);

        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> stream = client.Echo();
        Assert.Equal(
            StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => stream.RequestStream.WriteAsync(large))).StatusCode);
        await stream.RequestStream.WriteAsync(new ProbeRequest { Text = "small ones go on" });
        Assert.True(await stream.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task The_client_does_not_take_more_than_its_limit()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect(static o => o.MaxReceiveMessageSize = 1000);
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { ReplyBytes = 1001 }).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public async Task The_default_limit_of_what_is_received_is_4_MB_and_null_lifts_it()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.MaxReceiveMessageSize = null);
        var request = new ProbeRequest { ReplyBytes = 5_000_000, Payload = ByteString.CopyFrom(new byte[5_000_000]) };
        using (GrpcChannel channel = server.Connect())
        {
            RpcException e = await Assert.ThrowsAsync<RpcException>(() => new Probe.Probe.ProbeClient(channel).UnaryAsync(request).ResponseAsync);
            Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        }

        using GrpcChannel unlimited = server.Connect(static o => o.MaxReceiveMessageSize = null);
        Assert.Equal(5_000_000, (await new Probe.Probe.ProbeClient(unlimited).UnaryAsync(request)).Payload.Length);
    }

    [Fact]
    public async Task The_server_does_not_take_more_than_its_limit()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.MaxReceiveMessageSize = 1000);
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => new Probe.Probe.ProbeClient(channel)
            .UnaryAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[1000]) }).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.Equal(0, server.State.Begun);
    }

    [Fact]
    public async Task The_server_does_not_send_more_than_its_limit()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.MaxSendMessageSize = 1000);
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { ReplyBytes = 1001 }).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }
}
