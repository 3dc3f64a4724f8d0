using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Grpc.Tests.Support;

/// <summary>Kestrel with the probe service on a free loopback port, plain text (h2c) or TLS.</summary>
public sealed class ProbeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProbeServer(WebApplication app, ProbeState state)
    {
        _app = app;
        State = state;
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public string Address { get; }

    public int Port => new Uri(Address).Port;

    public ProbeState State { get; }

    public static async Task<ProbeServer> StartAsync(
        bool tls = false,
        Action<GrpcServiceOptions>? grpc = null,
        Action<KestrelServerOptions>? kestrel = null,
        Action<WebApplication>? map = null,
        int port = 0,
        Action<IServiceCollection>? services = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        var state = new ProbeState();
        builder.Services.AddSingleton(state);
        builder.Services.AddGrpc(grpc ?? (static _ => { }));
        services?.Invoke(builder.Services);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (tls)
                {
                    listen.UseHttps(TestCertificate.Create());
                }
            });
            kestrel?.Invoke(options);
        });
        WebApplication app = builder.Build();
        app.MapGrpcService<ProbeService>();
        map?.Invoke(app);
        await app.StartAsync();
        return new ProbeServer(app, state);
    }

    /// <summary>A channel to this server that accepts its certificate.</summary>
    public GrpcChannel Connect(Action<GrpcChannelOptions>? configure = null, Action<SocketsHttpHandler>? handler = null)
    {
        var http = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        http.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost";
        handler?.Invoke(http);
        var options = new GrpcChannelOptions { HttpHandler = http, DisposeHttpClient = true };
        configure?.Invoke(options);
        return GrpcChannel.ForAddress(Address, options);
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
