using System.Diagnostics;

namespace HostAgent.Aggregator.Metrics;

/// <summary>What the process itself costs, under the names that Prometheus client libraries use.</summary>
internal static class ProcessMetrics
{
    /// <summary>Adds them, and <c>hostaggregator_build_info</c>.</summary>
    public static void Register(MetricRegistry metrics, string version)
    {
        double started = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;
        metrics.Gauge("hostaggregator_build_info", "Always 1; the label has the version.", () => 1, ("version", version));
        metrics.CounterFrom("process_cpu_seconds_total", "CPU time of the process, user and system.", () => Environment.CpuUsage.TotalTime.TotalSeconds);
        metrics.Gauge("process_resident_memory_bytes", "Resident memory of the process.", () => Environment.WorkingSet);
        metrics.Gauge("process_start_time_seconds", "When the process started, in unix seconds.", () => started);
        metrics.Gauge("hostaggregator_gc_heap_bytes", "Managed heap, garbage included.", () => GC.GetTotalMemory(forceFullCollection: false));
        metrics.CounterFrom("hostaggregator_gc_pause_seconds_total", "Time all threads stood still for the collector.", () => GC.GetTotalPauseDuration().TotalSeconds);
        metrics.CounterFrom("hostaggregator_gc_allocated_bytes_total", "Bytes ever allocated on the managed heap.", () => GC.GetTotalAllocatedBytes());
        metrics.Gauge("hostaggregator_threads", "Threads of the thread pool.", () => ThreadPool.ThreadCount);
    }
}
