using System.Net;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Logging;
using HostAgent.Aggregator.Storage;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace HostAgent.Aggregator.Tests.Api;

/// <summary>The whole aggregator inside the test program: real listeners on free ports, a seeded memory store, a clock that stands still at
/// 2026-01-01T00:00:00Z.</summary>
public sealed class RunningAggregator : IAsyncLifetime
{
    internal const string Web1 = "11111111111111111111111111111111";
    internal const string Web2 = "22222222222222222222222222222222";

    private readonly TempDirectory _directory = new("aggregator");
    private DataDirectory? _data;
    private WebApplication? _app;

    internal static long NowUnixMs { get; } = DateTimeOffset.Parse("2026-01-01T00:00:00Z", null).ToUnixTimeMilliseconds();

    /// <summary>Of the HTTP API.</summary>
    public Uri Url { get; private set; } = new("http://unset");

    /// <summary>Of the gRPC listener.</summary>
    public Uri GrpcUrl { get; private set; } = new("http://unset");

    /// <summary>A client of the HTTP API.</summary>
    public HttpClient Http { get; private set; } = new();

    internal DataDirectory Data => _data!;

    public async ValueTask InitializeAsync()
    {
        _data = DataDirectory.Open(_directory.FullPath);
        var options = new AggregatorOptions
        {
            DataDirectory = _directory.FullPath,
            Http = new IPEndPoint(IPAddress.Loopback, 0),
            Grpc = new IPEndPoint(IPAddress.Loopback, 0),
            LogFormat = LogFormat.Text,
            LogLevel = LogLevel.Error,
        };
        _app = await Program.StartAsync(options, _data, Seed(), new FakeTime());
        using var endpoints = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(_data.File(EndpointsFile.Name)));
        Url = new Uri(endpoints.RootElement.GetProperty("http").GetString()!);
        GrpcUrl = new Uri(endpoints.RootElement.GetProperty("grpc").GetString()!);
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _data!.Dispose();
        _directory.Dispose();
    }

    /// <summary>Ten seconds of two hosts, one sample a second, the last one 1 s old. web2's counter begins again in the middle.</summary>
    private static MemoryBackend Seed()
    {
        (long, double)[] Samples(Func<int, double> value) => [.. Enumerable.Range(0, 10).Select(i => (NowUnixMs - 10_000 + (i * 1000L), value(i)))];
        var seed = new StoreSeed()
            .Host(Web1, "web1", NowUnixMs - 1000).Host(Web2, "web2", NowUnixMs - 3_600_000)
            .Account(Web1, 1, 1, 100, NowUnixMs - 100_000, NowUnixMs - 1000)
            .Account(Web1, 3, 101, 104, NowUnixMs - 1000, NowUnixMs - 1000)
            .Metric("host_load1", V1.MetricType.Gauge, "Load average over one minute.")
            .Metric("host_cpu_all_seconds_total", V1.MetricType.Counter, "CPU time of all cores.");
        foreach ((string id, string name) in new[] { (Web1, "web1"), (Web2, "web2") })
        {
            seed.Series(id, "host_load1", [("host", name)], Samples(i => i / 10.0))
                .Series(id, "host_cpu_cores", [("host", name)], Samples(_ => 2))
                .Series(id, "host_cpu_all_seconds_total", [("host", name), ("mode", "idle")], Samples(i => 1000 + i))
                .Series(id, "host_cpu_all_seconds_total", [("host", name), ("mode", "iowait")], Samples(i => 50 + (i * 0.5)))
                .Series(id, "host_memory_total_bytes", [("host", name)], Samples(_ => 8L << 30))
                .Series(id, "host_memory_available_bytes", [("host", name)], Samples(_ => 2L << 30))
                .Series(id, "host_network_receive_bytes_total", [("host", name), ("device", "eth0")], Samples(i => i < 5 ? 1_000_000 + (i * 1000) : (i - 5) * 1000))
                .Series(id, "host_network_receive_bytes_total", [("host", name), ("device", "lo")], Samples(i => i * 1e9))
                .Series(id, "host_filesystem_size_bytes", [("host", name), ("mountpoint", "/")], Samples(_ => 100L << 30))
                .Series(id, "host_filesystem_avail_bytes", [("host", name), ("mountpoint", "/")], Samples(_ => 5L << 30));
        }

        return seed.Series(Web1, "odd_values", [("host", "web1")],
                (NowUnixMs - 4000, double.NaN), (NowUnixMs - 3000, double.PositiveInfinity), (NowUnixMs - 2000, double.NegativeInfinity), (NowUnixMs - 1000, 1e-300))
            .Series(Web1, "ended", [("host", "web1")], (NowUnixMs - 2000, 1.0), (NowUnixMs - 1000, StaleMarker.Value))
            .Build();
    }
}
