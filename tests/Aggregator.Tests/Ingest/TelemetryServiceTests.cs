using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Logging;
using HostAgent.Aggregator.Storage.Sqlite;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>The service over real TLS, HTTP/2 and SQLite.</summary>
public sealed class TelemetryServiceTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new("telemetry");
    private DataDirectory? _data;
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public async ValueTask InitializeAsync()
    {
        _data = DataDirectory.Open(_directory.FullPath);
        var options = new AggregatorOptions
        {
            DataDirectory = _directory.FullPath,
            Http = new IPEndPoint(IPAddress.Loopback, 0),
            Grpc = new IPEndPoint(IPAddress.Loopback, 0),
            LogFormat = LogFormat.Text,
            LogLevel = LogLevel.Critical,
        };
        _app = await Program.StartAsync(options, _data, new SqliteBackend(_data.File("samples.sqlite")), TimeProvider.System);
        using var endpoints = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(_data.File(EndpointsFile.Name)));
        _channel = Channel(endpoints.RootElement.GetProperty("grpc").GetString()!, endpoints.RootElement.GetProperty("caFile").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _channel!.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _data!.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_lane_hears_a_welcome_and_acks_and_the_last_of_them_after_it_has_said_all()
    {
        var agent = new TestAgent();
        using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call = await OpenAsync(agent.Hello());
        Assert.Equal(1U, call.ResponseStream.Current.Welcome.Protocol);
        Assert.True(call.ResponseStream.Current.Welcome.WindowFrames > 0);

        Batch batch = agent.Announce();
        batch.Entries.Add(agent.Frame(1, Now));
        await call.RequestStream.WriteAsync(new AgentMessage { Batch = batch });
        await call.RequestStream.WriteAsync(new AgentMessage { Batch = new Batch { Epoch = 1, Entries = { agent.Frame(2, Now) } } });
        await call.RequestStream.CompleteAsync();
        Ack? last = null;
        while (await call.ResponseStream.MoveNext(Deadline()))
        {
            last = call.ResponseStream.Current.Ack;
        }

        Assert.Equal(new Ack { Epoch = 1, Sequence = 2 }, last);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_call_that_does_not_begin_with_a_proper_hello_is_an_invalid_argument()
    {
        using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call = Client.Stream();
        await call.RequestStream.WriteAsync(new AgentMessage { Batch = new Batch() });

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Deadline()));

        Assert.Equal((StatusCode.InvalidArgument, "the first message of a call must be Hello"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task An_agent_that_breaks_a_rule_hears_which()
    {
        var agent = new TestAgent();
        using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call = await OpenAsync(agent.Hello());
        Batch batch = agent.Announce();
        batch.Metrics[0].Name = "bad name";
        await call.RequestStream.WriteAsync(new AgentMessage { Batch = batch });

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Deadline()));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("bad name", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_older_of_two_agents_with_one_identity_is_ended_and_kept_out()
    {
        using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> old = await OpenAsync(new TestAgent(epoch: 5).Hello());
        using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> newer = await OpenAsync(new TestAgent(epoch: 6).Hello());

        RpcException ended = await Assert.ThrowsAsync<RpcException>(() => old.ResponseStream.MoveNext(Deadline()));
        RpcException keptOut = await Assert.ThrowsAsync<RpcException>(() => OpenAsync(new TestAgent(epoch: 5).Hello()));

        Assert.Equal((StatusCode.Aborted, StatusCode.AlreadyExists), (ended.StatusCode, keptOut.StatusCode));
    }

    [Fact]
    public async Task When_the_aggregator_goes_down_open_calls_are_told_to_try_again()
    {
        using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call = await OpenAsync(new TestAgent().Hello());
        Task<RpcException> ended = Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Deadline()));

        await _app!.StopAsync();

        Assert.Equal(StatusCode.Unavailable, (await ended).StatusCode);
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private Telemetry.TelemetryClient Client => new(_channel!);

    private static CancellationToken Deadline() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private async Task<AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage>> OpenAsync(Hello hello)
    {
        AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call = Client.Stream();
        await call.RequestStream.WriteAsync(new AgentMessage { Hello = hello });
        Assert.True(await call.ResponseStream.MoveNext(Deadline()));
        return call;
    }

    private static GrpcChannel Channel(string address, string caFile)
    {
        using TestAuthority authority = TestAuthority.Beside(caFile);
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = authority.Handler(new TestAgent().HostId), DisposeHttpClient = true });
    }
}
