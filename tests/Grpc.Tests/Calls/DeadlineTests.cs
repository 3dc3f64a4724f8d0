using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;
using HostAgent.TestSupport;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>Deadlines end calls at the caller, reach the server, and end calls there too.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task A_call_ends_when_its_deadline_passes_and_the_server_is_told()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var watch = Stopwatch.StartNew();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => new Probe.Probe.ProbeClient(channel)
            .UnaryAsync(new ProbeRequest { Behaviour = "until-cancelled" }, deadline: DateTime.UtcNow.AddSeconds(2)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.True(watch.ElapsedMilliseconds >= 1990, $"ended after {watch.ElapsedMilliseconds} ms");
        Assert.Equal(1, server.State.Begun);
        await Eventually.TrueAsync(() => server.State.Cancellation.IsCancellationRequested, "the method's token fires");
    }

    [Fact]
    public async Task The_server_knows_the_deadline()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        DateTime deadline = DateTime.UtcNow.AddSeconds(600);
        await new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest(), deadline: deadline);
        Assert.InRange((server.State.Deadline - deadline).TotalSeconds, -1, 20);
    }

    [Fact]
    public async Task A_deadline_in_the_past_sends_nothing()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => new Probe.Probe.ProbeClient(channel)
            .UnaryAsync(new ProbeRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.Equal(0, server.State.Begun);
    }

    [Fact]
    public async Task A_deadline_in_local_time_is_a_mistake_of_the_caller()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        Assert.Throws<InvalidOperationException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest(), deadline: DateTime.Now.AddSeconds(1)));
    }

    [Fact]
    public async Task A_deadline_ends_a_stream_that_waits_for_messages()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call =
            new Probe.Probe.ProbeClient(channel).Echo(deadline: DateTime.UtcNow.AddSeconds(2));
        await call.RequestStream.WriteAsync(new ProbeRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        e = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new ProbeRequest()));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await Eventually.TrueAsync(() => server.State.Ended == 1, "the method ends");
    }

    [Fact]
    public async Task The_server_answers_at_the_deadline_even_if_its_method_does_not_listen()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", new ProbeRequest { Behaviour = "stubborn" });
        request.Headers.Add("grpc-timeout", "200m");
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal("4", response.Headers.GetValues("grpc-status").Single());
        server.State.Release.SetResult();
    }

    [Fact]
    public async Task A_malformed_timeout_is_refused()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using HttpRequestMessage request = RawCall.Create(server, "Unary", new ProbeRequest());
        request.Headers.Add("grpc-timeout", "123456789S");
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal("13", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal(0, server.State.Begun);
    }

    [Fact]
    public async Task Cancellation_is_thrown_as_such_when_the_channel_says_so()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect(static o => o.ThrowOperationCanceledOnCancellation = true);
        await Assert.ThrowsAsync<OperationCanceledException>(() => new Probe.Probe.ProbeClient(channel)
            .UnaryAsync(new ProbeRequest { Behaviour = "until-cancelled" }, deadline: DateTime.UtcNow.AddMilliseconds(50)).ResponseAsync);
    }
}
