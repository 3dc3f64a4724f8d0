using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.GrpcBench;

/// <summary>Our server, on Kestrel with TLS, until standard input ends.</summary>
internal static class OurServer
{
    /// <param name="certificates">The folder that holds server.pem and server.key.</param>
    public static async Task RunAsync(string certificates)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(
            Path.Combine(certificates, "server.pem"), Path.Combine(certificates, "server.key"));
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        await using WebApplication application = builder.Build();
        application.MapGrpcService<BenchService>();
        await application.StartAsync();
        var address = new Uri(application.Urls.Single());
        Console.WriteLine(new JsonObject { ["port"] = address.Port }.ToJsonString());
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }
}
