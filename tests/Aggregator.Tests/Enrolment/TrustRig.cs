using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Aggregator.Enrolment;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Logging;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.Aggregator.Tests.Ingest;
using HostAgent.Protos.Enrolment;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Aggregator.Tests.Enrolment;

/// <summary>The whole aggregator with its real listeners, on a clock that the test turns, and clients that show what the test wants.</summary>
public sealed class TrustRig : IAsyncDisposable
{
    internal const string HostId = "0123456789abcdef0123456789abcdef";
    private readonly TempDirectory _directory = new("trust");
    private readonly List<GrpcChannel> _channels = [];
    private DataDirectory? _data;
    private WebApplication? _app;

    private TrustRig(TimeProvider time) => Time = time;

    internal TimeProvider Time { get; }

    /// <summary>The clock, when it is one that the test turns.</summary>
    internal FakeTime Clock => (FakeTime)Time;

    /// <summary>The wall clock moves on; timers do not notice. A week of timers would take its time.</summary>
    internal void Later(TimeSpan by) => Clock.JumpWallClock(Clock.GetUtcNow() + by);

    internal Uri Address { get; private set; } = new("https://unset");

    internal string CaFile => _data!.File("ca.crt");

    internal string Location => _data!.Location;

    internal EnrolmentTokens Tokens => Service<EnrolmentTokens>();

    internal HostRevocations Revocations => Service<HostRevocations>();

    internal static async Task<TrustRig> StartAsync(TimeProvider? time = null, TimeSpan? lifetime = null)
    {
        var rig = new TrustRig(time ?? new FakeTime());
        await rig.StartAgainAsync(lifetime);
        return rig;
    }

    /// <summary>Stops it when it runs, and starts it on the same data.</summary>
    internal async Task StartAgainAsync(TimeSpan? lifetime = null)
    {
        await StopAsync();
        _data = DataDirectory.Open(_directory.FullPath);
        var options = new AggregatorOptions
        {
            DataDirectory = _directory.FullPath,
            Http = new IPEndPoint(IPAddress.Loopback, 0),
            Grpc = new IPEndPoint(IPAddress.Loopback, 0),
            LogFormat = LogFormat.Text,
            LogLevel = LogLevel.Critical,
            CertificateLifetime = lifetime ?? TimeSpan.FromDays(7),
        };
        _app = await Program.StartAsync(options, _data, new MemoryBackend(), Time);
        using var endpoints = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(_data.File(EndpointsFile.Name)));
        Address = new Uri(endpoints.RootElement.GetProperty("grpc").GetString()!);
    }

    internal T Service<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    /// <summary>A client that shows this certificate, or none, and trusts the aggregator's authority.</summary>
    internal GrpcChannel Channel(X509Certificate2? shown = null)
    {
        using TestAuthority authority = TestAuthority.Beside(CaFile);
        var channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { HttpHandler = authority.Handler(shown), DisposeHttpClient = true });
        _channels.Add(channel);
        return channel;
    }

    internal V1.Enrolment.EnrolmentClient Enrolment(X509Certificate2? shown = null) => new(Channel(shown));

    /// <summary>A token, as the operator gets it.</summary>
    internal TokenText Token(TimeSpan? lifetime = null, bool mayReplace = false, params (string Name, string Value)[] labels)
        => Tokens.Create(new TokenOrder
        {
            CreatedBy = "test",
            Lifetime = lifetime,
            MayReplace = mayReplace,
            Labels = labels.ToDictionary(static l => l.Name, static l => l.Value),
        }).Text;

    /// <summary>What an agent asks with.</summary>
    internal static EnrolRequest Request(TokenText token, AsymmetricAlgorithm key, string hostId = HostId) => new()
    {
        TokenId = token.Id,
        TokenSecret = token.Secret,
        HostId = hostId,
        HostName = "web-1",
        AgentVersion = "1",
        CertificateRequest = ByteString.CopyFrom(SigningRequest(key)),
    };

    internal static byte[] SigningRequest(AsymmetricAlgorithm key) => (key switch
    {
        ECDsa ec => new CertificateRequest("CN=anything", ec, HashAlgorithmName.SHA256),
        _ => new CertificateRequest("CN=anything", (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
    }).CreateSigningRequest();

    /// <summary>Enrols a host with a new token; returns its certificate with the key.</summary>
    internal async Task<X509Certificate2> EnrolAsync(string hostId = HostId, params (string Name, string Value)[] labels)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        EnrolReply reply = await Enrolment().EnrolAsync(Request(Token(mayReplace: true, labels: labels), key, hostId));
        return Certificate(reply, key);
    }

    internal static X509Certificate2 Certificate(EnrolReply reply, ECDsa key)
    {
        using var bare = X509CertificateLoader.LoadCertificate(reply.Certificate.Span);
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>Opens a live lane with this certificate and says Hello.</summary>
    internal async Task<AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage>> StreamAsync(X509Certificate2? shown, Hello? hello = null)
    {
        AsyncDuplexStreamingCall<AgentMessage, AggregatorMessage> call = new Telemetry.TelemetryClient(Channel(shown)).Stream();
        try
        {
            await call.RequestStream.WriteAsync(new AgentMessage { Hello = hello ?? new TestAgent().Hello() });
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // Refused before it could say Hello: the answer says why.
        }

        Assert.True(await call.ResponseStream.MoveNext(Deadline()));
        return call;
    }

    /// <summary>How the aggregator refuses a stream of this certificate.</summary>
    internal async Task<Status> RefusalAsync(X509Certificate2? shown, Hello? hello = null)
        => (await Assert.ThrowsAsync<RpcException>(() => StreamAsync(shown, hello))).Status;

    internal static CancellationToken Deadline() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private async Task StopAsync()
    {
        _channels.ForEach(static c => c.Dispose());
        _channels.Clear();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _data!.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }
}
