using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using HostAgent.Agent.Tests.Spool;
using HostAgent.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Tests.Streaming;

/// <summary>A Telemetry service over TLS that behaves as the test says. What it stores it stores by (epoch, sequence), like the real one.</summary>
internal sealed class ScriptedAggregator : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedAggregator(WebApplication app, X509Certificate2 ca) => (_app, Ca) = (app, ca);

    /// <summary>Its authority, with the key.</summary>
    public X509Certificate2 Ca { get; }

    public string CaPem => Ca.ExportCertificatePem();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public uint WindowFrames { get; set; } = 64;

    /// <summary>False: acknowledgements are withheld until it is true again.</summary>
    public volatile bool Acknowledges = true;

    /// <summary>What to answer a Hello with instead of a Welcome.</summary>
    public Func<Hello, Status?> OnHello { get; set; } = _ => null;

    /// <summary>What to answer a batch with instead of storing it.</summary>
    public Func<Lane, Batch, Status?> OnBatch { get; set; } = (_, _) => null;

    /// <summary>What it does when a host asks for a certificate; null: it signs one for a day.</summary>
    public Func<EnrolRequest, EnrolReply>? OnEnrol { get; set; }

    /// <summary>Every enrolment that was asked for.</summary>
    public ConcurrentQueue<EnrolRequest> Enrolments { get; } = new();

    /// <summary>Every renewal, with the thumbprint of the certificate that was shown for it.</summary>
    public ConcurrentQueue<string> Renewals { get; } = new();

    /// <summary>How long the certificates live that it signs.</summary>
    public TimeSpan CertificateLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>What it answers who asks for its authorities; null: its own.</summary>
    public X509Certificate2? ShownAuthority { get; set; }

    public ConcurrentQueue<Hello> Hellos { get; } = new();

    /// <summary>Every frame that arrived, in the order of arrival, again and again if it came again.</summary>
    public ConcurrentQueue<(Lane Lane, ulong Epoch, ulong Sequence)> Arrivals { get; } = new();

    public ConcurrentDictionary<(ulong Epoch, ulong Sequence), SortedDictionary<string, long>> Stored { get; } = new();

    public ConcurrentQueue<(ulong Epoch, Loss Loss)> Losses { get; } = new();

    public static async Task<ScriptedAggregator> StartAsync(int port = 0, (X509Certificate2 Server, X509Certificate2 Ca)? certificate = null)
    {
        var (server, ca) = certificate ?? TestCertificates.Make();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(server, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        ScriptedAggregator? self = null;
        builder.Services.AddSingleton(_ => self!);
        var app = builder.Build();
        app.MapGrpcService<Service>();
        app.MapGrpcService<ScriptedEnrolment>();
        self = new ScriptedAggregator(app, ca);
        await app.StartAsync();
        return self;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            await _app.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Streams that the agent keeps open end with the host.
        }

        await _app.DisposeAsync();
    }

    internal sealed class Service(ScriptedAggregator script) : Telemetry.TelemetryBase
    {
        public override async Task Stream(
            IAsyncStreamReader<AgentMessage> requests, IServerStreamWriter<AggregatorMessage> responses, ServerCallContext context)
        {
            Assert.True(await requests.MoveNext(context.CancellationToken));
            var hello = requests.Current.Hello;
            script.Hellos.Enqueue(hello);
            if (script.OnHello(hello) is { } refusal)
            {
                throw new RpcException(refusal);
            }

            await responses.WriteAsync(new AggregatorMessage { Welcome = new Welcome { Protocol = 1, WindowFrames = script.WindowFrames } });
            var reader = new BatchReader();
            (ulong Epoch, ulong Sequence) pending = default;
            var next = requests.MoveNext(context.CancellationToken);
            while (true)
            {
                var tick = Task.Delay(20);
                if (await Task.WhenAny(next, tick) == next)
                {
                    if (!await next)
                    {
                        break;
                    }

                    pending = Store(hello.Lane, requests.Current.Batch, reader) ?? pending;
                    next = requests.MoveNext(context.CancellationToken);
                    if (next.IsCompleted)
                    {
                        continue;
                    }
                }

                if (script.Acknowledges && pending.Sequence != 0)
                {
                    await responses.WriteAsync(new AggregatorMessage { Ack = new Ack { Epoch = pending.Epoch, Sequence = pending.Sequence } });
                    pending = default;
                }
            }

            if (script.Acknowledges && pending.Sequence != 0)
            {
                await responses.WriteAsync(new AggregatorMessage { Ack = new Ack { Epoch = pending.Epoch, Sequence = pending.Sequence } });
            }
        }

        private (ulong, ulong)? Store(Lane lane, Batch batch, BatchReader reader)
        {
            if (script.OnBatch(lane, batch) is { } refusal)
            {
                throw new RpcException(refusal);
            }

            (ulong, ulong)? last = null;
            foreach (var frame in reader.Read(batch))
            {
                script.Arrivals.Enqueue((lane, batch.Epoch, frame.Sequence));
                script.Stored[(batch.Epoch, frame.Sequence)] = frame.Samples;
                last = (batch.Epoch, frame.Sequence);
            }

            foreach (var loss in batch.Entries.Where(entry => entry.KindCase == Entry.KindOneofCase.Loss).Select(entry => entry.Loss))
            {
                script.Losses.Enqueue((batch.Epoch, loss));
                last = (batch.Epoch, loss.LastSequence);
            }

            return last;
        }
    }
}
