using HostAgent.Cli.Api;

namespace HostAgent.Cli.Top;

/// <summary>Reads an <see cref="Overview"/> with three requests, whatever the number of hosts.</summary>
internal sealed class OverviewReader(AggregatorClient client)
{
    private const string Gauges = """
        {__name__=~"host_load1|host_load5|host_load15|host_cpu_cores|host_memory_total_bytes|host_memory_available_bytes|host_filesystem_(size|avail|free)_bytes"}
        """;

    // Stacked devices would count the same bytes again: dm and md sit on disks, bridges and bonds on interfaces, loopback goes nowhere.
    private const string Counters = """
        {__name__=~"host_cpu_all_seconds_total|host_disk_(read|written)_bytes_total|host_network_(receive|transmit)_bytes_total",mode=~"|idle|iowait",device!~"dm-.*|md.*|drbd.*|lo|bond.*|team.*|br.*|docker.*|virbr.*|veth.*|cali.*|cni.*|flannel.*|tun.*|tap.*|wg.*"}
        """;

    // Long enough for two samples 5 s apart; widened when a host samples more slowly.
    private static readonly int[] LookbackSeconds = [12, 60, 180];

    private int _lookback;

    /// <summary>The state of all hosts now.</summary>
    /// <exception cref="CliException">The aggregator cannot be reached, or is none.</exception>
    public async Task<Overview> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // The end lies ahead, for hosts whose clocks do.
            string range = $"v1/range?match={Uri.EscapeDataString(Counters.Trim())}&from=-{LookbackSeconds[_lookback]}s&to={Uri.EscapeDataString("+1h")}";
            Task<HostList> hostsTask = client.GetAsync("v1/hosts", ClientJson.Default.HostList, cancellationToken);
            Task<LatestList> gaugesTask = client.GetAsync(
                $"v1/latest?match={Uri.EscapeDataString(Gauges.Trim())}", ClientJson.Default.LatestList, cancellationToken);
            Task<RangeList> countersTask = client.GetAsync(range, ClientJson.Default.RangeList, cancellationToken);
            await Task.WhenAll(hostsTask, gaugesTask, countersTask);

            LatestList gauges = await gaugesTask;
            ILookup<string, LatestValue> gaugesOf = gauges.Samples.ToLookup(sample => Instance(sample.Labels));
            ILookup<string, SeriesPoints> countersOf = (await countersTask).Series.ToLookup(series => Instance(series.Labels));
            HostVitals[] vitals = [.. (await hostsTask).Hosts.Select(host => VitalsCalculator.Of(host, gauges.Now, gaugesOf[host.Id], countersOf[host.Id]))];
            bool blind = vitals.Any(host => host.Liveness == "up" && host.SeriesCount > 0 && host.CpuRatio is null);
            if (!blind || _lookback == LookbackSeconds.Length - 1)
            {
                return new Overview(client.Url.AbsoluteUri, gauges.Now, vitals);
            }

            _lookback++;
        }
    }

    private static string Instance(Dictionary<string, string> labels) => labels.GetValueOrDefault("instance", "");
}
