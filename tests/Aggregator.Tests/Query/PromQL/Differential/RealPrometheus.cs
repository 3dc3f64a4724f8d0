using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Aggregator.Tests.Query.PromQL.Differential;

/// <summary>A Prometheus of one test's own, with <see cref="SharedData"/> in it.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private RealPrometheus(TempDirectory directory, ChildProcess process, Uri address)
    {
        (_directory, _process) = (directory, process);
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public static async Task<RealPrometheus> StartAsync(string openMetrics)
    {
        var directory = new TempDirectory("promql-differential");
        string samples = directory.File("samples.txt");
        await File.WriteAllTextAsync(samples, openMetrics);
        string config = directory.File("prometheus.yml");
        await File.WriteAllTextAsync(config, "global: {}\n");
        await using (ChildProcess import = ChildProcess.Start(
            "promtool", ["promtool", "tsdb", "create-blocks-from", "openmetrics", samples, directory.File("data")], directory.File("import.log")))
        {
            Assert.True(await import.WaitAsync(TimeSpan.FromSeconds(20)) == 0, import.Output);
        }

        int port = FreePort();
        ChildProcess process = ChildProcess.Start(
            "prometheus",
            [
                "prometheus", $"--config.file={config}", $"--storage.tsdb.path={directory.File("data")}", $"--web.listen-address=127.0.0.1:{port}",
                "--storage.tsdb.retention.time=100y", "--log.level=warn",
            ],
            directory.File("prometheus.log"));
        var prometheus = new RealPrometheus(directory, process, new Uri($"http://127.0.0.1:{port}"));
        await Eventually.TrueAsync(prometheus.IsReadyAsync, "prometheus is ready\n" + process.Output);
        return prometheus;
    }

    /// <summary>The answer to an instant query.</summary>
    public Task<JsonElement> InstantAsync(string query, long unixMs) => AskAsync("query", new() { ["query"] = query, ["time"] = Seconds(unixMs) });

    /// <summary>The answer to a range query.</summary>
    public Task<JsonElement> RangeAsync(string query, long startMs, long endMs, long stepMs) => AskAsync(
        "query_range", new() { ["query"] = query, ["start"] = Seconds(startMs), ["end"] = Seconds(endMs), ["step"] = Seconds(stepMs) });

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private async Task<JsonElement> AskAsync(string path, Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        using HttpResponseMessage response = await _http.PostAsync(new Uri("/api/v1/" + path, UriKind.Relative), content);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited, _process.Output);
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Seconds(long unixMs) => (unixMs / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
