using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>The four shapes of calls, plain and over TLS.</summary>
public sealed class CallShapeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_unary_call_brings_its_response_and_status(bool tls)
    {
        await using ProbeServer server = await ProbeServer.StartAsync(tls);
        using GrpcChannel channel = server.Connect();
        using AsyncUnaryCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Text = "hello" });

        Assert.Equal("hello", (await call).Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task A_blocking_unary_call_works()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        Assert.Equal("hello", new Probe.Probe.ProbeClient(channel).Unary(new ProbeRequest { Text = "hello" }).Text);
    }

    [Fact]
    public async Task Client_streaming_collects_all_requests()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Collect();
        for (int i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[i]) });
        }

        await call.RequestStream.CompleteAsync();
        ProbeReply reply = await call;
        Assert.Equal(100, reply.Number);
        Assert.Equal("4950 bytes", reply.Text);
    }

    [Fact]
    public async Task Server_streaming_brings_all_responses_in_order()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncServerStreamingCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel).Spread(new ProbeRequest { Count = 1000, ReplyBytes = 100 });
        int expected = 0;
        await foreach (ProbeReply reply in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal(expected++, reply.Number);
        }

        Assert.Equal(1000, expected);
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Duplex_streaming_goes_both_ways_at_once(bool tls)
    {
        await using ProbeServer server = await ProbeServer.StartAsync(tls);
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        for (int i = 0; i < 200; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = $"n{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"n{i}", call.ResponseStream.Current.Text);
            Assert.Equal(i, call.ResponseStream.Current.Number);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_streaming_with_a_writer_ahead_of_its_reader_keeps_order()
    {
        const int Count = 20_000;
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                call.RequestStream.WriteOptions = new WriteOptions(i % 7 == 0 ? WriteFlags.None : WriteFlags.BufferHint);
                await call.RequestStream.WriteAsync(new ProbeRequest { Text = "x", ReplyBytes = 50 });
            }

            await call.RequestStream.CompleteAsync();
        });
        int expected = 0;
        await foreach (ProbeReply reply in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal(expected++, reply.Number);
        }

        await writing;
        Assert.Equal(Count, expected);
    }

    [Fact]
    public async Task A_stream_without_messages_ends_well()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Messages_larger_than_the_flow_control_window_pass()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var request = new ProbeRequest { Payload = ByteString.CopyFrom(new byte[3_000_000]), ReplyBytes = 4_000_000 };
        Assert.Equal(4_000_000, (await new Probe.Probe.ProbeClient(channel).UnaryAsync(request)).Payload.Length);
    }
}
