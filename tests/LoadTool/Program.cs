using System.Diagnostics;
using System.Text.Json;
using Grpc.Net.Client;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;

namespace HostAgent.LoadTool;

internal static class Program
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static async Task<int> Main(string[] args)
    {
        LoadOptions options;
        try
        {
            options = LoadOptions.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"LoadTool: {e.Message}\n\n{LoadOptions.Usage}");
            return 64;
        }

        var counters = new LoadCounters { IntervalTicks = StopwatchTicks(options.Interval) };
        using var stop = new CancellationTokenSource();
        using TestAuthority authority = TestAuthority.Beside(options.CaFile);
        GrpcChannel[] channels = [.. Enumerable.Range(0, options.Agents).Select(i => Channel(options, authority, SimulatedAgent.HostIdOf(i)))];
        TimeSpan spread = options.Ramp > options.Interval ? options.Ramp : options.Interval;
        Task[] agents = [.. Enumerable.Range(0, options.Agents).Select(i => new SimulatedAgent(i, options, counters)
            .RunAsync(new Telemetry.TelemetryClient(channels[i]), spread * i / options.Agents, stop.Token))];
        await Task.Delay(spread + TimeSpan.FromSeconds(1));

        LoadReport report = await MeasureAsync(options, counters, options.Interval, options.Duration);
        Print(report);
        if (options.Ceiling)
        {
            await RaiseAsync(options, counters);
        }

        await stop.CancelAsync();
        await Task.WhenAll(agents);
        Array.ForEach(channels, static c => c.Dispose());
        return report.FailedStreams == 0 && report.KeptUp ? 0 : 1;
    }

    private static async Task RaiseAsync(LoadOptions options, LoadCounters counters)
    {
        LoadReport? best = null;
        TimeSpan interval = options.Interval;
        for (int step = 0; step < 30; step++)
        {
            interval /= 1.25;
            Volatile.Write(ref counters.IntervalTicks, StopwatchTicks(interval));
            await Task.Delay(TimeSpan.FromSeconds(2));
            LoadReport report = await MeasureAsync(options, counters, interval, options.Step);
            Print(report);
            if (!report.KeptUp)
            {
                break;
            }

            best = report;
        }

        Console.WriteLine($"{{\"ceilingSamplesPerSecond\":{best?.AcknowledgedSamplesPerSecond ?? 0}}}");
    }

    private static async Task<LoadReport> MeasureAsync(LoadOptions options, LoadCounters counters, TimeSpan interval, TimeSpan duration)
    {
        using var self = Process.GetCurrentProcess();
        using Process? server = options.ServerPid is { } pid ? Process.GetProcessById(pid) : null;
        counters.Clear();
        TimeSpan selfBefore = self.TotalProcessorTime;
        TimeSpan? serverBefore = server?.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(duration);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        server?.Refresh();
        double offered = options.Agents * options.Series / interval.TotalSeconds;
        double acked = counters.AckedFrames * (double)options.Series / seconds;
        double p99 = counters.Latency.Quantile(0.99);
        return new LoadReport(
            options.Agents, options.Series, Math.Round(interval.TotalMilliseconds, 1), Math.Round(seconds, 2), Math.Round(offered),
            Math.Round(counters.SentFrames * (double)options.Series / seconds), Math.Round(acked),
            Math.Round(counters.SentBytes / Math.Max(1.0, counters.SentFrames * (double)options.Series), 3),
            counters.Latency.Quantile(0.5), p99, counters.Latency.MaxMs,
            counters.InFlight, counters.Failures, counters.LastFailure,
            Math.Round((self.TotalProcessorTime - selfBefore).TotalSeconds / seconds, 3),
            server is null ? null : Math.Round((server.TotalProcessorTime - serverBefore!.Value).TotalSeconds / seconds, 3),
            server is null ? null : Math.Round(server.WorkingSet64 / 1048576.0, 1),
            acked >= offered * 0.95 && p99 < 1000);
    }

    // A connection each: the certificate that it shows is the host's.
    private static GrpcChannel Channel(LoadOptions options, TestAuthority authority, string hostId)
        => GrpcChannel.ForAddress(options.Grpc, new GrpcChannelOptions { HttpHandler = authority.Handler(hostId), DisposeHttpClient = true });

    private static void Print(LoadReport report) => Console.WriteLine(JsonSerializer.Serialize(report, Json));

    private static long StopwatchTicks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
