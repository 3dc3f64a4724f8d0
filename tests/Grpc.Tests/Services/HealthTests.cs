using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.Grpc.Tests.Services;

/// <summary>grpc.health.v1.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Check_knows_what_has_been_set_and_nothing_else()
    {
        await using Fixture fixture = await Fixture.StartAsync();
        fixture.Service.SetStatus("disk", HealthCheckResponse.Types.ServingStatus.NotServing);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await fixture.Client.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(
            HealthCheckResponse.Types.ServingStatus.NotServing, (await fixture.Client.CheckAsync(new HealthCheckRequest { Service = "disk" })).Status);
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => fixture.Client.CheckAsync(new HealthCheckRequest { Service = "none" }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, e.StatusCode);
        Assert.Equal(2, (await fixture.Client.ListAsync(new HealthListRequest())).Statuses.Count);
    }

    [Fact]
    public async Task Watch_tells_the_status_now_and_every_change()
    {
        await using Fixture fixture = await Fixture.StartAsync();
        using AsyncServerStreamingCall<HealthCheckResponse> call = fixture.Client.Watch(new HealthCheckRequest { Service = "disk" });
        await NextIsAsync(HealthCheckResponse.Types.ServingStatus.ServiceUnknown);
        fixture.Service.SetStatus("disk", HealthCheckResponse.Types.ServingStatus.Serving);
        await NextIsAsync(HealthCheckResponse.Types.ServingStatus.Serving);
        fixture.Service.SetStatus("disk", HealthCheckResponse.Types.ServingStatus.NotServing);
        await NextIsAsync(HealthCheckResponse.Types.ServingStatus.NotServing);
        fixture.Service.ClearAll();
        await NextIsAsync(HealthCheckResponse.Types.ServingStatus.ServiceUnknown);

        async Task NextIsAsync(HealthCheckResponse.Types.ServingStatus expected)
        {
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(expected, call.ResponseStream.Current.Status);
        }
    }

    private sealed class Fixture : IAsyncDisposable
    {
        private readonly ProbeServer _server;
        private readonly GrpcChannel _channel;

        private Fixture(ProbeServer server, HealthServiceImpl service)
        {
            _server = server;
            _channel = server.Connect();
            Service = service;
            Client = new Health.HealthClient(_channel);
        }

        public HealthServiceImpl Service { get; }

        public Health.HealthClient Client { get; }

        public static async Task<Fixture> StartAsync()
        {
            HealthServiceImpl? service = null;
            ProbeServer server = await ProbeServer.StartAsync(
                services: static s => s.AddGrpcHealthChecks(),
                map: app =>
                {
                    app.MapGrpcHealthChecksService();
                    service = app.Services.GetRequiredService<HealthServiceImpl>();
                });
            return new Fixture(server, service!);
        }

        public async ValueTask DisposeAsync()
        {
            _channel.Dispose();
            await _server.DisposeAsync();
        }
    }
}
