using HostAgent.Cli.Api;

namespace HostAgent.Cli.Top;

/// <summary>Turns a host's newest samples into its vitals.</summary>
internal static class VitalsCalculator
{
    // Rates are over the last 5 s of samples, or the last two samples when they are further apart.
    private const double RateSeconds = 5.5;

    // A host that is not up has no rates when it has been silent for longer than this.
    private const double RateSilenceSeconds = 10;

    /// <summary>The vitals of one host.</summary>
    /// <param name="host">Who.</param>
    /// <param name="now">The aggregator's clock.</param>
    /// <param name="gauges">Newest samples of its gauges.</param>
    /// <param name="counters">Last samples of its counters.</param>
    public static HostVitals Of(HostSummary host, DateTimeOffset now, IEnumerable<LatestValue> gauges, IEnumerable<SeriesPoints> counters)
    {
        // A clock that is ahead makes samples look young. One that seems behind may only have had a slow connection when it was asked.
        double? age = host.LastSample is { } last ? Math.Max(0, (now - last).TotalSeconds + (Math.Max(0, host.ClockSkewMs) / 1000.0)) : null;

        // What a host said before it went down is no sign of life; and a rate is over the last seconds, so one that is silent has none.
        List<LatestValue> newest = host.Liveness == "down" ? [] : [.. gauges];
        List<SeriesPoints> series = host.Liveness == "up" || (host.Liveness == "stale" && age <= RateSilenceSeconds) ? [.. counters] : [];
        double? Gauge(string metric) => newest.Find(sample => sample.Metric == metric)?.Value;

        double? cores = Gauge("host_cpu_cores");
        double? idle = SumOfRates(series, "host_cpu_all_seconds_total");
        double? total = Gauge("host_memory_total_bytes");
        (string? mountpoint, double? fullness, double? size) = Fullest(newest);
        return new HostVitals
        {
            Id = host.Id,
            Name = host.Name,
            Liveness = host.Liveness,
            SeriesCount = host.SeriesCount,
            SampleAgeSeconds = age,
            CpuCores = cores,
            CpuRatio = idle is not null && cores > 0 ? Math.Clamp(1 - (idle.Value / cores.Value), 0, 1) : null,
            MemoryTotalBytes = total,
            MemoryUsedBytes = total - Gauge("host_memory_available_bytes"),
            FullestMountpoint = mountpoint,
            FullestRatio = fullness,
            FullestSizeBytes = size,
            DiskReadBytesPerSecond = SumOfRates(series, "host_disk_read_bytes_total"),
            DiskWrittenBytesPerSecond = SumOfRates(series, "host_disk_written_bytes_total"),
            Load1 = Gauge("host_load1"),
            Load5 = Gauge("host_load5"),
            Load15 = Gauge("host_load15"),
            NetworkReceiveBytesPerSecond = SumOfRates(series, "host_network_receive_bytes_total"),
            NetworkTransmitBytesPerSecond = SumOfRates(series, "host_network_transmit_bytes_total"),
        };
    }

    /// <summary>Increase per second over the last seconds of one series; null when it has fewer than two samples. A value below its predecessor
    /// is a counter that began again at 0.</summary>
    internal static double? Rate(IReadOnlyList<Point> points)
    {
        if (points.Count < 2)
        {
            return null;
        }

        int last = points.Count - 1;
        int first = last - 1;
        while (first > 0 && points[last].Seconds - points[first - 1].Seconds <= RateSeconds)
        {
            first--;
        }

        double increase = 0;
        for (int i = first + 1; i <= last; i++)
        {
            increase += points[i].Value < points[i - 1].Value ? points[i].Value : points[i].Value - points[i - 1].Value;
        }

        double seconds = points[last].Seconds - points[first].Seconds;
        return seconds > 0 ? increase / seconds : null;
    }

    private static double? SumOfRates(List<SeriesPoints> series, string metric)
    {
        double? sum = null;
        foreach (SeriesPoints one in series)
        {
            if (one.Metric == metric && Rate(one.Points) is { } rate)
            {
                sum = (sum ?? 0) + rate;
            }
        }

        return sum;
    }

    // As df counts: what root keeps for itself is neither used nor available.
    private static (string? Mountpoint, double? Ratio, double? SizeBytes) Fullest(List<LatestValue> newest)
    {
        (string? Mountpoint, double? Ratio, double? SizeBytes) fullest = default;
        foreach (IGrouping<string, LatestValue> files in newest.Where(sample => sample.Metric.StartsWith("host_filesystem_", StringComparison.Ordinal))
            .GroupBy(sample => sample.Labels.GetValueOrDefault("mountpoint", "")))
        {
            double? Of(string metric) => files.FirstOrDefault(sample => sample.Metric == metric)?.Value;
            double? size = Of("host_filesystem_size_bytes");
            double? available = Of("host_filesystem_avail_bytes");
            double? used = size - (Of("host_filesystem_free_bytes") ?? available);
            if (used + available is > 0 and var usable && used / usable is { } ratio && !(ratio <= fullest.Ratio))
            {
                fullest = (files.Key, ratio, size);
            }
        }

        return fullest;
    }
}
