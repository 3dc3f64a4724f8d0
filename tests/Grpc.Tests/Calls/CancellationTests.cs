using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;
using HostAgent.TestSupport;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>A call that its caller no longer wants ends at both ends.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task The_callers_token_ends_a_unary_call_and_the_method_sees_it()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using var source = new CancellationTokenSource();
        AsyncUnaryCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel)
            .UnaryAsync(new ProbeRequest { Behaviour = "until-cancelled" }, cancellationToken: source.Token);
        await Eventually.TrueAsync(() => server.State.Begun == 1, "the call arrives");
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await Eventually.TrueAsync(() => server.State.Cancellation.IsCancellationRequested, "the method's token fires");
    }

    [Fact]
    public async Task Disposing_a_stream_cancels_it()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        await call.RequestStream.WriteAsync(new ProbeRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        Task<bool> read = call.ResponseStream.MoveNext();
        call.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read)).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await Eventually.TrueAsync(() => server.State.Ended == 1, "the method ends");
        await Eventually.TrueAsync(() => server.State.Cancellation.IsCancellationRequested, "the method's token fires");
        Assert.NotNull(server.State.LastFailure);
    }

    [Fact]
    public async Task A_token_given_to_a_read_cancels_the_call()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        using var source = new CancellationTokenSource();
        Task<bool> read = call.ResponseStream.MoveNext(source.Token);
        await Eventually.TrueAsync(() => server.State.Begun == 1, "the call arrives");
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => read)).StatusCode);
        await Eventually.TrueAsync(() => server.State.Ended == 1, "the method ends");
    }

    [Fact]
    public async Task A_token_that_has_fired_before_the_call_sends_nothing()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => new Probe.Probe.ProbeClient(channel)
            .UnaryAsync(new ProbeRequest(), cancellationToken: new CancellationToken(canceled: true)).ResponseAsync);
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        Assert.Equal(0, server.State.Begun);
    }

    [Fact]
    public async Task Disposing_the_channel_ends_its_calls()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        GrpcChannel channel = server.Connect();
        AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        await call.RequestStream.WriteAsync(new ProbeRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        channel.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
        Assert.Throws<ObjectDisposedException>(() => new Probe.Probe.ProbeClient(channel).Echo());
        await Eventually.TrueAsync(() => server.State.Ended == 1, "the method ends");
    }

    [Fact]
    public async Task Hundreds_of_streams_given_up_at_any_moment_leave_nothing_behind()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var client = new Probe.Probe.ProbeClient(channel);
        for (int i = 0; i < 300; i++)
        {
            using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = client.Echo();
            Task write = i % 3 > 0 ? call.RequestStream.WriteAsync(new ProbeRequest { ReplyBytes = 100 }) : Task.CompletedTask;
            if (i % 3 == 2)
            {
                await call.ResponseStream.MoveNext();
            }

            call.Dispose();
            await Record.ExceptionAsync(() => write); // may have been in time, or not
        }

        Assert.Equal("after", (await client.UnaryAsync(new ProbeRequest { Text = "after" })).Text);
        await Eventually.TrueAsync(() => server.State.Begun - 1 == server.State.Ended, "every stream that began has ended");
    }

    [Fact]
    public async Task Reading_or_writing_twice_at_once_is_refused()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        Task<bool> read = call.ResponseStream.MoveNext();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext());
        await call.RequestStream.CompleteAsync();
        Assert.False(await read);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new ProbeRequest()));
    }
}
