using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using HostAgent.Agent.Tests.Streaming;
using HostAgent.TestSupport;
using HostAgent.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>The aggregator's end of the command call over TLS, behaving as the test says.</summary>
internal sealed class ScriptedDispatcher : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _writing = new(1);
    private IServerStreamWriter<AggregatorCommandMessage>? _responses;
    private CancellationTokenSource _hangUp = new();

    private ScriptedDispatcher(WebApplication app, string caPem)
    {
        _app = app;
        CaPem = caPem;
    }

    public string CaPem { get; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public volatile bool Acknowledges = true;

    public Func<CommandHello, Status?> OnHello { get; set; } = static _ => null;

    public ConcurrentQueue<CommandHello> Hellos { get; } = new();

    public ConcurrentQueue<CommandReport> Reports { get; } = new();

    public static async Task<ScriptedDispatcher> StartAsync()
    {
        var (server, ca) = TestCertificates.Make();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(server);
        }));
        ScriptedDispatcher? self = null;
        builder.Services.AddSingleton(_ => self!);
        var app = builder.Build();
        app.MapGrpcService<Service>();
        self = new ScriptedDispatcher(app, ca.ExportCertificatePem());
        await app.StartAsync();
        return self;
    }

    public async Task SendAsync(AggregatorCommandMessage message)
    {
        await Eventually.TrueAsync(() => Volatile.Read(ref _responses) is not null, "an agent is attached");
        await _writing.WaitAsync();
        try
        {
            await _responses!.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task OrderAsync(CommandOrder order) => SendAsync(new AggregatorCommandMessage { Order = order });

    /// <summary>Ends the call that is open.</summary>
    public async Task HangUpAsync() => await _hangUp.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _hangUp.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            await _app.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Calls that the agent keeps open end with the host.
        }

        await _app.DisposeAsync();
        _writing.Dispose();
    }

    internal sealed class Service(ScriptedDispatcher script) : V1.Commands.CommandsBase
    {
        public override async Task Attach(
            IAsyncStreamReader<AgentCommandMessage> requests, IServerStreamWriter<AggregatorCommandMessage> responses, ServerCallContext context)
        {
            Assert.True(await requests.MoveNext(context.CancellationToken));
            script.Hellos.Enqueue(requests.Current.Hello);
            if (script.OnHello(requests.Current.Hello) is { } refusal)
            {
                throw new RpcException(refusal);
            }

            await responses.WriteAsync(new AggregatorCommandMessage { Welcome = new CommandWelcome { Protocol = 1 } });
            script._hangUp = new CancellationTokenSource();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, script._hangUp.Token);
            Volatile.Write(ref script._responses, responses);
            try
            {
                while (await requests.MoveNext(end.Token))
                {
                    CommandReport report = requests.Current.Report;
                    script.Reports.Enqueue(report);
                    if (script.Acknowledges && report.Sequence != 0)
                    {
                        await script.SendAsync(new AggregatorCommandMessage { Ack = new ReportAck { Sequence = report.Sequence } });
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test hung up, or the agent did.
            }
            finally
            {
                Volatile.Write(ref script._responses, null);
            }
        }
    }
}
