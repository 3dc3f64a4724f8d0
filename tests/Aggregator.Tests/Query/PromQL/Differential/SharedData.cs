using System.Globalization;
using System.Text;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Query.PromQL.Differential;

/// <summary>The same two hours of samples for both sides. They lie 7 to 9 s after each quarter of a minute and queries look at 3 s after it, so that
/// no sample is exactly on the edge of a window, where Prometheus 2 and 3 differ.</summary>
internal static class SharedData
{
    /// <summary>Time of the first sample, less than a minute after this.</summary>
    public const long StartMs = 1_700_000_010_000;

    /// <summary>Length.</summary>
    public const long DurationMs = 2 * 3600 * 1000;

    /// <summary>A moment in the data, 3 s after a quarter.</summary>
    public static long QueryTime(double share) => StartMs + ((long)(share * DurationMs) / 15_000 * 15_000) + 3000;

    public static MemorySeriesSource Create()
    {
        var random = new Random(20260105);
        var data = new MemorySeriesSource();
        string[] hosts = ["web1", "web2", "db1"];
        foreach (string host in hosts)
        {
            string role = host[..^1].TrimEnd('1');
            foreach (string mode in new[] { "idle", "user", "system" })
            {
                Counter(data, random, [new("__name__", "cpu_seconds_total"), new("host", host), new("mode", mode)], 12, resets: mode == "user");
            }

            Gauge(data, random, [new("__name__", "mem_free"), new("host", host), new("role", role)], _ => random.Next(1, 1000));
            Gauge(data, random, [new("__name__", "mem_total"), new("host", host), new("role", role)], _ => 1000);
            Gauge(data, random, [new("__name__", "temp"), new("host", host), new("zone", $"z{host.Length}")], i => Math.Round((20 * Math.Sin(i / 9.0)) + random.NextDouble(), 3));
            Gauge(data, random, [new("__name__", "host_info"), new("host", host), new("os", host == "db1" ? "bsd" : "linux")], _ => 1);
            foreach (string path in new[] { "/a", "/b" })
            {
                Histogram(data, random, host, path);
            }
        }

        Gauge(data, random, [new("__name__", "odd"), new("k", "1")], i => (i % 7) switch { 0 => double.NaN, 3 => double.PositiveInfinity, 5 => -0.5, _ => i });
        Gauge(data, random, [new("__name__", "odd"), new("k", "2")], i => (i % 11) switch { 0 => double.NegativeInfinity, 4 => double.NaN, _ => -i });
        Gauge(data, random, [new("__name__", "level"), new("k", "a")], i => i / 40 % 4);
        Gauge(data, random, [new("__name__", "level"), new("k", "b")], i => i / 70 % 3);
        return data;
    }

    /// <summary>The samples in the form that promtool imports.</summary>
    public static string OpenMetrics(MemorySeriesSource data)
    {
        var text = new StringBuilder();
        foreach ((Labels labels, IReadOnlyList<long> times, IReadOnlyList<double> values) in data.All)
        {
            string series = labels.WithoutName().ToString().Replace(", ", ",");
            for (int i = 0; i < times.Count; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{labels[LabelMatcher.MetricName]}{series} {GoText.Number(values[i])} {times[i] / 1000.0:0.000}\n");
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    private static void Counter(MemorySeriesSource data, Random random, LabelPair[] pairs, double scale, bool resets)
    {
        double value = random.Next(100, 10_000);
        Gauge(data, random, pairs, _ =>
        {
            value = resets && random.Next(60) == 0 ? random.Next(20) : value + Math.Round(random.NextDouble() * scale, 2);
            return value;
        });
    }

    private static void Histogram(MemorySeriesSource data, Random random, string host, string path)
    {
        string[] bounds = ["0.05", "0.1", "0.5", "1", "5", "+Inf"];
        double[] counts = [.. Enumerable.Range(1, bounds.Length).Select(static i => 1000.0 * i)];
        List<(long At, double[] Counts)> states = [];
        foreach (long at in Times(random))
        {
            int added = 0;
            for (int i = 0; i < bounds.Length; i++)
            {
                added += random.Next(5);
                counts[i] += added;
            }

            states.Add((at, [.. counts]));
        }

        for (int i = 0; i < bounds.Length; i++)
        {
            Labels labels = Labels.From([new("__name__", "latency_seconds_bucket"), new("host", host), new("path", path), new("le", bounds[i])]);
            states.ForEach(state => data.Add(labels, state.At, state.Counts[i]));
        }
    }

    private static void Gauge(MemorySeriesSource data, Random random, LabelPair[] pairs, Func<int, double> value)
    {
        var labels = Labels.From(pairs);
        int n = 0;
        foreach (long at in Times(random))
        {
            data.Add(labels, at, value(n++));
        }
    }

    // Every 15 s with up to 2 s of jitter; samples are lost now and then, and sometimes nothing comes for ten minutes.
    private static IEnumerable<long> Times(Random random)
    {
        long silentUntil = 0;
        for (long at = StartMs; at < StartMs + DurationMs; at += 15_000)
        {
            silentUntil = random.Next(250) == 0 ? at + 600_000 : silentUntil;
            if (at >= silentUntil && random.Next(25) > 0)
            {
                yield return at + 7000 + random.Next(2000);
            }
        }
    }
}
