using System.Net.Security;
using System.Net.Sockets;
using HostAgent.Aggregator.Api.Grpc;
using HostAgent.Aggregator.Api.Http;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Auth;
using HostAgent.Aggregator.Check;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Enrolment;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Logging;
using HostAgent.Aggregator.Metrics;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Sqlite;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostAgent.Aggregator;

/// <summary>The composition root of hostaggregator.</summary>
internal static class Program
{
    private const string StoreFile = "samples.sqlite";
    private const string DocumentsFile = "control.sqlite";

    // SIGTERM ends the program within 5 s; what is left after the drain is for the store's last commit and the runtime.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(3.5);

    // How soon grpc.health.v1 says what /health says; the checks look at memory and at one statfs.
    private static readonly TimeSpan GrpcHealthPeriod = TimeSpan.FromSeconds(2);

    private static Task<int> Main(string[] args)
        => ServeCommand.RunAsync(args, Environment.GetEnvironmentVariable, Console.Out, Console.Error, ServeAsync, static settings =>
        [
            CheckCommand.Create(settings, StoreFile, static path => new SqliteBackend(path)),
            .. AuthorityCommands.All(settings, OpenDocuments),
        ]);

    /// <summary>Starts an aggregator on a data directory that the caller has opened. It answers when this returns, and endpoints.json is
    /// written; disposing it removes the file.</summary>
    /// <exception cref="StartException">The store cannot be opened, or an address cannot be listened on.</exception>
    internal static async Task<WebApplication> StartAsync(AggregatorOptions options, DataDirectory directory, IStorageBackend backend, TimeProvider time)
    {
        EndpointsFile.Delete(directory); // an instance that was killed may have left its own
        WebApplication app = Build(options, directory, OpenStore(backend), time);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            bool forbidden = (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode == SocketError.AccessDenied;
            throw new StartException(
                forbidden ? ExitCodes.NoPermission : ExitCodes.CannotCreate,
                $"cannot listen on {options.Http} (--http) or {options.Grpc} (--grpc): {e.Message} Give another port, or 0 for any free one.",
                e);
        }
        catch (StorageException e)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            throw new StartException(ExitCodes.CannotCreate, e.Message, e);
        }

        var endpoints = LocalEndpointsOf(app, options);
        try
        {
            EndpointsFile.Write(directory, endpoints);
        }
        catch (IOException e)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            throw new StartException(ExitCodes.CannotCreate, $"cannot write {directory.File(EndpointsFile.Name)}: {e.Message}", e);
        }

        app.Lifetime.ApplicationStopping.Register(() => EndpointsFile.Delete(directory));
        app.Services.GetRequiredService<SystemdNotifier>().Ready($"HTTP {endpoints.Http}, gRPC {endpoints.Grpc}");
        HostingLog.Listening(app.Logger, ProgramVersion.Text, endpoints.Http, endpoints.Grpc, directory.Location);
        return app;
    }

    private static async Task<int> ServeAsync(AggregatorOptions options)
    {
        using var directory = DataDirectory.Open(options.DataDirectory);
        await using WebApplication app = await StartAsync(options, directory, new SqliteBackend(directory.File(StoreFile)), TimeProvider.System);
        await app.WaitForShutdownAsync();
        HostingLog.Ended(app.Logger);
        return ExitCodes.Ok;
    }

    private static SampleStore OpenStore(IStorageBackend backend)
    {
        try
        {
            return new SampleStore(backend);
        }
        catch (StorageException e)
        {
            backend.Dispose();
            throw new StartException(ExitCodes.CannotCreate, e.Message, e);
        }
    }

    private static IDocumentStore OpenDocuments(string directory)
    {
        try
        {
            return new SqliteDocuments(Path.Combine(directory, DocumentsFile));
        }
        catch (StorageException e)
        {
            throw new StartException(ExitCodes.CannotCreate, e.Message, e);
        }
    }

    private static WebApplication Build(AggregatorOptions options, DataDirectory directory, SampleStore store, TimeProvider time)
    {
        // Empty: no appsettings.json from the working directory, no ASPNETCORE_ variables. What counts is in AggregatorOptions.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "hostaggregator" });
        builder.Logging.AddHostAggregatorLogging(options.LogFormat, options.LogLevel, Environment.GetEnvironmentVariable);
        IServiceCollection services = builder.Services;
        services.AddSingleton(time);
        services.AddSingleton(options);
        services.AddSingleton(directory);
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = DrainTimeout);
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);

        services.AddSingleton(new CertificateFiles(directory, Environment.MachineName, time, options.Passphrase(), options.Names));
        services.AddHostedSingleton<ServerCertificate>();
        services.AddEnrolment(new EnrolmentOptions { CertificateLifetime = options.CertificateLifetime });
        services.AddSingleton<Func<string, string?>>(Environment.GetEnvironmentVariable);
        services.AddHostedSingleton<SystemdNotifier>();

        var metrics = new MetricRegistry();
        ProcessMetrics.Register(metrics, ProgramVersion.Text);
        services.AddSingleton(metrics);

        services.AddSingleton(_ => store); // by factory, so that the container closes it
        services.AddSingleton<ISeriesReader>(provider => provider.GetRequiredService<SampleStore>());
        services.AddSingleton(new Hosts.HostOptions());
        services.AddSingleton<HostDirectory>();
        services.AddSingleton<IHostDirectory>(provider => provider.GetRequiredService<HostDirectory>());

        services.AddSingleton<IDocumentStore>(_ => OpenDocuments(directory.Location));
        services.AddAudit(directory.File(AuditHeadFile.Name));
        services.AddAuth(new AuthOptions(), directory.File(LocalAdminToken.Name));
        services.AddCommands(new CommandOptions());

        var ingest = new IngestOptions();
        services.AddIngest(ingest);
        services.AddSingleton(new TelemetryServiceOptions { Version = ProgramVersion.Text });
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<HostCertificateInterceptor>();
            grpc.MaxReceiveMessageSize = ingest.MaxMessageBytes;
            grpc.IgnoreUnknownServices = true; // its catch-all route would also answer on the HTTP door; 404 means Unimplemented to a client
        }).AddServiceOptions<EnrolmentService>(static enrolment => enrolment.MaxReceiveMessageSize = 16 << 10);

        services.AddGrpcHealthChecks();
        services.Configure<HealthCheckPublisherOptions>(publisher => (publisher.Delay, publisher.Period) = (TimeSpan.Zero, GrpcHealthPeriod));
        services.AddGrpcReflection();

        services.AddHttpApi(new HttpApiOptions
        {
            Version = ProgramVersion.Text,
            LoopbackOnly = !options.HttpIsRemote,
            AnonymousRead = !options.HttpIsRemote && options.AnonymousRead,
        });

        services.AddHealthChecks().AddCheck<ServerCertificate>("certificate").AddCheck<DiskSpaceCheck>("disk");

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options));

        WebApplication app = builder.Build();
        app.UseHttpApi();
        app.MapHttpApi();
        app.MapGrpcService<EnrolmentService>();
        app.MapGrpcService<TelemetryService>();
        app.MapGrpcService<CommandsService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, AggregatorOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // a telemetry stream is one endless request body; ListenerGuard bounds the other door
        kestrel.Limits.MinRequestBodyDataRate = null; // and a quiet one is no attack: keep-alive pings find dead connections
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);

        var certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
        var clients = kestrel.ApplicationServices.GetRequiredService<ClientCertificates>();
        kestrel.Listen(options.Http, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => Enter(connection, Listener.Http, next));
            if (options.HttpIsRemote)
            {
                listen.UseHttps(Tls(certificate, SslApplicationProtocol.Http11));
            }
        });
        kestrel.Listen(options.Grpc, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => Enter(connection, Listener.Grpc, next));
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = context =>
                {
                    SslServerAuthenticationOptions handshake = clients.Handshake(context);
                    handshake.ServerCertificateContext = certificate.Context;
                    handshake.ApplicationProtocols = [SslApplicationProtocol.Http2];
                    return ValueTask.FromResult(handshake);
                },
            });
        });
    }

    private static TlsHandshakeCallbackOptions Tls(ServerCertificate certificate, SslApplicationProtocol protocol) => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Context,
            ApplicationProtocols = [protocol],
        }),
    };

    private static Task Enter(ConnectionContext connection, Listener door, ConnectionDelegate next)
    {
        connection.Features.Set(new ListenerFeature(door));
        return next(connection);
    }

    private static LocalEndpoints LocalEndpointsOf(WebApplication app, AggregatorOptions options)
    {
        // In the order of Listen: HTTP, then gRPC. Both may be https.
        string[] bound = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        int PortOf(int listener) => BindingAddress.Parse(bound[listener]).Port;
        return new LocalEndpoints(
            ListenAddress.LocalUrl(options.HttpIsRemote ? "https" : "http", new(options.Http.Address, PortOf(0))),
            ListenAddress.LocalUrl("https", new(options.Grpc.Address, PortOf(1))),
            app.Services.GetRequiredService<CertificateFiles>().CaFile,
            Environment.ProcessId);
    }
}
