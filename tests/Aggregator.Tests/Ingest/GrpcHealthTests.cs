using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Logging;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>grpc.health.v1 on the aggregator's own port follows whether what arrives becomes durable.</summary>
public sealed class GrpcHealthTests
{
    [Fact]
    public async Task Health_over_gRPC_turns_to_not_serving_while_commits_fail_and_back()
    {
        using var directory = new TempDirectory("health");
        using DataDirectory data = DataDirectory.Open(directory.FullPath);
        var backend = new GatedBackend(new MemoryBackend());
        await using WebApplication app = await Program.StartAsync(Options(directory), data, backend, TimeProvider.System);
        var agent = new TestAgent();
        using var authority = TestAuthority.Beside(data.File("ca.crt"));
        using var endpoints = System.Text.Json.JsonDocument.Parse(File.ReadAllText(data.File(EndpointsFile.Name)));
        using GrpcChannel channel = GrpcChannel.ForAddress(
            endpoints.RootElement.GetProperty("grpc").GetString()!,
            new GrpcChannelOptions { HttpHandler = authority.Handler(agent.HostId), DisposeHttpClient = true });
        var health = new Health.HealthClient(channel);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest(), cancellationToken: deadline.Token)).Status);
        RpcException unknown = await Assert.ThrowsAsync<RpcException>(
            async () => await health.CheckAsync(new HealthCheckRequest { Service = "nobody" }, cancellationToken: deadline.Token));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);

        using AsyncServerStreamingCall<HealthCheckResponse> watch = health.Watch(new HealthCheckRequest(), cancellationToken: deadline.Token);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch, deadline.Token));

        backend.Full = true;
        using AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> lane = new Telemetry.TelemetryClient(channel).Stream(cancellationToken: deadline.Token);
        await lane.RequestStream.WriteAsync(new AgentMessage { Hello = agent.Hello() }, deadline.Token);
        Batch batch = agent.Announce();
        batch.Entries.Add(agent.Frame(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        await lane.RequestStream.WriteAsync(new AgentMessage { Batch = batch }, deadline.Token);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch, deadline.Token));

        backend.Full = false;
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch, deadline.Token));
        await app.StopAsync(deadline.Token);
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, CancellationToken cancellation)
    {
        Assert.True(await watch.ResponseStream.MoveNext(cancellation));
        return watch.ResponseStream.Current.Status;
    }

    private static AggregatorOptions Options(TempDirectory directory) => new()
    {
        DataDirectory = directory.FullPath,
        Http = new IPEndPoint(IPAddress.Loopback, 0),
        Grpc = new IPEndPoint(IPAddress.Loopback, 0),
        LogFormat = LogFormat.Text,
        LogLevel = LogLevel.None,
    };
}
