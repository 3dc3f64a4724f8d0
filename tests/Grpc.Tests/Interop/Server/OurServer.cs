using System.Net;
using HostAgent.Grpc.Tests.Interop.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Grpc.Tests.Interop.Server;

/// <summary>The interop service on our runtime, over Kestrel.</summary>
internal sealed class OurServer : IInteropServer, IAsyncDisposable
{
    private readonly WebApplication _application;

    private OurServer(WebApplication application, ServerPorts ports)
    {
        _application = application;
        Ports = ports;
    }

    public ServerPorts Ports { get; }

    public bool ChecksCompression => true;

    public bool Compresses => true;

    public static async Task<OurServer> StartAsync(InteropCertificates certificates)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(certificates.Server);
            });
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(certificates.Server, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (presented, _, _) => certificates.Trusts(presented);
                });
            });
        });
        WebApplication application = builder.Build();
        application.MapGrpcService<InteropTestService>();
        await application.StartAsync();
        int[] ports = [.. Addresses(application).Select(address => new Uri(address).Port)];
        return new OurServer(application, new ServerPorts(ports[0], ports[1], ports[2]));
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>Kestrel reports its addresses in the order in which they were configured.</summary>
    private static ICollection<string> Addresses(WebApplication application)
        => application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
}
