using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using HostAgent.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.CommandTorture;

/// <summary>The aggregator's end of the command call, for one run after the other.</summary>
internal sealed class Dispatcher : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Dispatcher(WebApplication app, string caFile)
    {
        _app = app;
        CaFile = caFile;
    }

    /// <summary>PEM file of the authority of its certificate.</summary>
    public string CaFile { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Whose agent attaches.</summary>
    public Run? Current { get; set; }

    public static async Task<Dispatcher> StartAsync(string caFile)
    {
        (X509Certificate2 certificate, string ca) = Certificate();
        Directory.CreateDirectory(Path.GetDirectoryName(caFile)!);
        await File.WriteAllTextAsync(caFile, ca);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        Dispatcher? self = null;
        builder.Services.AddSingleton(_ => self!);
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        self = new Dispatcher(app, caFile);
        await app.StartAsync();
        return self;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await _app.StopAsync(patience.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        await _app.DisposeAsync();
    }

    private static (X509Certificate2 Server, string CaPem) Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=torture", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        return (X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null), made.ExportCertificatePem());
    }

    internal sealed class Service(Dispatcher dispatcher) : V1.Commands.CommandsBase
    {
        public override async Task Attach(
            IAsyncStreamReader<AgentCommandMessage> requests, IServerStreamWriter<AggregatorCommandMessage> responses, ServerCallContext context)
        {
            if (!await requests.MoveNext(context.CancellationToken) || dispatcher.Current is not { } run)
            {
                return;
            }

            await responses.WriteAsync(new AggregatorCommandMessage { Welcome = new CommandWelcome { Protocol = 1 } });
            if (run.OrderToGive() is { } order)
            {
                await responses.WriteAsync(new AggregatorCommandMessage { Order = order });
            }

            try
            {
                while (await requests.MoveNext(context.CancellationToken))
                {
                    if (run.Take(requests.Current.Report) is { } acknowledged)
                    {
                        await responses.WriteAsync(new AggregatorCommandMessage { Ack = new ReportAck { Sequence = acknowledged } });
                    }
                }
            }
            catch (Exception e) when (e is RpcException or IOException or OperationCanceledException or InvalidOperationException)
            {
                // The agent was killed.
            }
        }
    }
}
