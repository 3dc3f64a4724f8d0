using System.Globalization;
using System.Text.Json;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Torture.Verification;

/// <summary>Reads the aggregator's side of a host's story from its HTTP API.</summary>
internal sealed class EvidenceReader(AggregatorApi api)
{
    /// <summary>Frames before the one that carries it: its sequence minus 1.</summary>
    public const string SequenceMetric = "hostagent_frames_total";

    /// <summary>Samples are asked for in slices of this length, because an answer is bounded.</summary>
    private const long SliceMs = 30_000;

    /// <summary>Every run of the host's account, whatever its time; none for a host that the aggregator has not heard of.</summary>
    public async Task<IReadOnlyList<AccountRun>> AccountAsync(string hostId)
    {
        JsonElement hosts = await api.GetAsync("/v1/hosts");
        if (!hosts.GetProperty("hosts").EnumerateArray().Any(h => h.GetProperty("id").GetString() == hostId))
        {
            return [];
        }

        JsonElement account = await api.GetAsync($"/v1/hosts/{hostId}/account?from=0&to={AggregatorApi.Seconds(Latest())}");
        return [.. account.GetProperty("intervals").EnumerateArray().Select(Run)];
    }

    /// <summary>How many samples the store holds at each instant, and the points of the sequence series, within the trace's time.</summary>
    public async Task<(Dictionary<long, int> Samples, List<StoredPoint> Sequences)> SamplesAsync(string hostId, AgentTrace trace)
    {
        var samples = new Dictionary<long, int>();
        var sequences = new List<StoredPoint>();
        // Slices that hold frames, and their neighbours for what should not be there: after clock jumps the rest is empty.
        IEnumerable<long> slices = trace.Frames.Values.Select(f => f.TimeUnixMs / SliceMs).SelectMany(s => new[] { s - 1, s, s + 1 }).Distinct().Order();
        foreach (long slice in slices)
        {
            foreach (ApiSeries series in await api.RangeAsync($"{{instance=\"{hostId}\"}}", slice * SliceMs, ((slice + 1) * SliceMs) - 1))
            {
                foreach ((long time, double value) in series.Points)
                {
                    samples[time] = samples.GetValueOrDefault(time) + 1;
                    if (series.Metric == SequenceMetric)
                    {
                        sequences.Add(new StoredPoint(time, value + 1));
                    }
                }
            }
        }

        return (samples, sequences);
    }

    private static long Latest() => DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeMilliseconds();

    private static AccountRun Run(JsonElement run)
    {
        string outcome = run.GetProperty("outcome").GetString()!;
        return new AccountRun(
            run.GetProperty("epoch").GetUInt64(),
            outcome switch
            {
                "present" => RunOutcome.Present,
                "late" => RunOutcome.Late,
                "lost_at_crash" => RunOutcome.LostAtCrash,
                _ => RunOutcome.Dropped,
            },
            outcome,
            run.GetProperty("firstSequence").GetUInt64(),
            run.GetProperty("lastSequence").GetUInt64(),
            UnixMs(run.GetProperty("firstTime").GetString()!),
            UnixMs(run.GetProperty("lastTime").GetString()!),
            run.GetProperty("frames").GetUInt64(),
            run.GetProperty("samples").GetUInt64());
    }

    private static long UnixMs(string rfc3339)
        => DateTimeOffset.Parse(rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
}
