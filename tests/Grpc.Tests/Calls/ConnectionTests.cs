using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;
using HostAgent.TestSupport;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>Connections that fail, come back, fall silent or are drained.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task A_server_that_is_not_there_is_Unavailable_and_the_pause_is_respected()
    {
        int port = FreePort();
        var time = new FakeTime();
        var attempts = new CountingHandler();
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions
        {
            HttpHandler = attempts,
            TimeProvider = time,
            InitialReconnectBackoff = TimeSpan.FromSeconds(1),
            MaxReconnectBackoff = TimeSpan.FromSeconds(2),
        });
        var client = new Probe.Probe.ProbeClient(channel);

        await FailsAsync();
        Assert.Equal(1, attempts.Count);
        await FailsAsync(); // at once: the channel pauses
        Assert.Equal(1, attempts.Count);
        time.Advance(TimeSpan.FromSeconds(0.7));
        await FailsAsync(); // still within 1 s less a fifth
        Assert.Equal(1, attempts.Count);
        time.Advance(TimeSpan.FromSeconds(0.55));
        await FailsAsync();
        Assert.Equal(2, attempts.Count);
        time.Advance(TimeSpan.FromSeconds(1.2)); // the second pause is 1.6 s, give or take a fifth
        await FailsAsync();
        Assert.Equal(2, attempts.Count);
        for (int i = 3; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(2.41)); // no pause is longer than 2 s and a fifth
            await FailsAsync();
            Assert.Equal(i, attempts.Count);
        }

        async Task FailsAsync() => Assert.Equal(
            StatusCode.Unavailable,
            (await Assert.ThrowsAsync<RpcException>(() => client.UnaryAsync(new ProbeRequest()).ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task A_call_that_waits_for_a_connection_succeeds_once_the_server_is_there()
    {
        int port = FreePort();
        using GrpcChannel channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}", new GrpcChannelOptions { InitialReconnectBackoff = TimeSpan.FromMilliseconds(50) });
        var client = new Probe.Probe.ProbeClient(channel);
        Task<ProbeReply> waiting = client.UnaryAsync(
            new ProbeRequest { Text = "patience" }, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30)).WithWaitForReady()).ResponseAsync;
        await using ProbeServer server = await ProbeServer.StartAsync(port: port);
        Assert.Equal("patience", (await waiting).Text);
    }

    [Fact]
    public async Task A_channel_connects_again_after_its_server_restarted()
    {
        int port = FreePort();
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new Probe.Probe.ProbeClient(channel);
        for (int i = 0; i < 3; i++)
        {
            await using ProbeServer server = await ProbeServer.StartAsync(port: port);
            await Eventually.TrueAsync(AnswersAsync, $"the server answers in life {i}");
        }

        async Task<bool> AnswersAsync()
        {
            try
            {
                return (await client.UnaryAsync(new ProbeRequest { Text = "x" })).Text == "x";
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return false; // the call went to the connection that is just breaking
            }
        }
    }

    [Fact]
    public async Task A_silent_connection_is_found_dead_by_keepalive_pings()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(
            $"http://{listener.LocalEndpoint}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        using TcpClient silent = await listener.AcceptTcpClientAsync();
        await silent.GetStream().WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }); // SETTINGS, and nothing ever after
        var watch = Stopwatch.StartNew();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.True(e.StatusCode == StatusCode.Unavailable, e.Status.DebugException?.ToString());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 20);
    }

    [Fact]
    public async Task A_cut_connection_makes_streams_Unavailable_and_the_method_ends()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        await using var relay = new TcpRelay(server.Port);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{relay.Port}");
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Echo();
        await call.RequestStream.WriteAsync(new ProbeRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        relay.Cut();
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
        await Eventually.TrueAsync(() => server.State.Ended == 1, "the method ends");
    }

    [Fact]
    public async Task A_stopping_server_tells_its_streams_and_ends_within_seconds()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var client = new Probe.Probe.ProbeClient(channel);
        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> call = client.Echo();
        await call.RequestStream.WriteAsync(new ProbeRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        Task<ProbeReply> unary = client.UnaryAsync(new ProbeRequest { Behaviour = "stubborn", Text = "finished" }).ResponseAsync;
        await Eventually.TrueAsync(() => server.State.Begun == 2, "the unary call arrives");

        Task stopping = server.StopAsync();
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
        Assert.False(stopping.IsCompleted); // the unary call may finish
        server.State.Release.SetResult();
        Assert.Equal("finished", (await unary).Text);
        await stopping.WaitAsync(TimeSpan.FromSeconds(15));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        public CountingHandler()
            : base(new SocketsHttpHandler())
        {
        }

        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
