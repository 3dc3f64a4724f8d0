using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;
using HostAgent.Torture.Faults;
using HostAgent.Torture.Lanes;
using HostAgent.Torture.Subjects;
using HostAgent.Torture.Verification;

namespace HostAgent.Torture;

/// <summary>One run: starts an aggregator and its agents, lets faults loose on them, heals everything, waits until all is delivered, kills the
/// aggregator once more, and compares both sides' stories.</summary>
internal sealed class TortureRun(TortureOptions options, string directory, TextWriter output)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private readonly Chronicle _chronicle = new(output);
    private readonly List<Finding> _findings = [];

    /// <summary>Runs it; broken promises are in the result, an exception means that the harness itself failed.</summary>
    public async Task<RunResult> RunAsync()
    {
        using var disks = new Disks(directory, _chronicle);
        await using var aggregator = new AggregatorSubject(disks.Aggregator.Path, Path.Combine(directory, "aggregator.log"), _chronicle);
        await using var fleet = new Fleet(options, directory, disks, aggregator, _chronicle);
        IReadOnlyList<HostTotals> totals = [];
        try
        {
            await aggregator.StartAsync();
            fleet.StartAll();
            using var end = new CancellationTokenSource();
            await InjectAsync([.. fleet.Lanes(), .. Lanes(aggregator, disks)], aggregator, fleet, end);
            await SettleAsync(aggregator, fleet);
            totals = await VerifyAsync(aggregator, fleet);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException or HttpRequestException or FormatException)
        {
            Report(FindingKind.ProgramFailed, "run", e.Message);
        }

        CheckMemory(aggregator, fleet);
        return new RunResult
        {
            Totals = totals,
            Findings = _findings,
            Counts = _chronicle.Counts,
            Acks = fleet.Agents.Sum(a => AgentTrace.Read(a.TracePath).AckLines),
            PeakMemory = fleet.Agents.Select(a => (a.Name, a.Memory.Bytes)).Append(("aggregator", aggregator.Memory.Bytes)).ToDictionary(),
            SlowestStart = aggregator.SlowestStart,
            Took = _chronicle.Elapsed,
        };
    }

    private IEnumerable<Lane> Lanes(AggregatorSubject aggregator, Disks disks)
    {
        yield return new Lane("aggregator", options.Seed, (1, 8), ProgramFaults.Of(aggregator));
        if (disks.Aggregator.Disk is SmallDisk disk)
        {
            yield return new Lane("centre-disk", options.Seed, (10, 40), DiskFaults.Of(disk, aggregator.NoteDiskTrouble));
        }
    }

    /// <summary>Runs every lane for the asked-for time; the first failure of a program ends all.</summary>
    private async Task InjectAsync(IReadOnlyList<Lane> lanes, AggregatorSubject aggregator, Fleet fleet, CancellationTokenSource end)
    {
        end.CancelAfter(options.Duration);
        Task watching = WatchMemoryAsync(aggregator, fleet, end.Token);
        await Task.WhenAll(lanes.Select(async lane =>
        {
            try
            {
                await lane.RunAsync(_chronicle, end.Token);
            }
            catch (Exception e) when (e is TimeoutException or InvalidOperationException or IOException)
            {
                _chronicle.Say("harness", $"stops: {e.Message}");
                Report(FindingKind.ProgramFailed, "run", e.Message);
                await end.CancelAsync();
            }
        }));
        await watching;
        fleet.HealAll();
        _chronicle.Say("harness", "faults are over, everything is healed");
    }

    private static async Task WatchMemoryAsync(AggregatorSubject aggregator, Fleet fleet, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            aggregator.Memory.Observe(aggregator.Process);
            fleet.Agents.ForEach(a => a.Memory.Observe(a.Process));
            await Task.Delay(500, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until each agent has delivered its past, ends it with SIGTERM, and starts it once more so that what it wrote to its spool
    /// at the end is delivered, too.</summary>
    private async Task SettleAsync(AggregatorSubject aggregator, Fleet fleet)
    {
        await WaitUntilSettledAsync(aggregator, fleet, "after the faults");
        foreach (AgentSubject agent in fleet.Agents)
        {
            await agent.TerminateAsync();
            agent.Start(aggregator.CaFile);
        }

        await WaitUntilSettledAsync(aggregator, fleet, "after a clean restart");
        foreach (AgentSubject agent in fleet.Agents)
        {
            await agent.TerminateAsync();
        }
    }

    private async Task WaitUntilSettledAsync(AggregatorSubject aggregator, Fleet fleet, string when)
    {
        using var api = new AggregatorApi(aggregator.Http);
        var reader = new EvidenceReader(api);
        TimeSpan from = _chronicle.Elapsed;
        List<AgentSubject> waiting = [.. fleet.Agents];
        while (waiting.Count > 0)
        {
            foreach (AgentSubject agent in waiting.ToList())
            {
                agent.MustRun();
                HostEvidence evidence = await agent.EvidenceAsync(reader);
                (HostTotals totals, IReadOnlyList<Finding> findings) = Verifier.Verify(evidence);
                bool settled = evidence.OpenEpoch > 0 && totals.Open < 50 && evidence.Spooled.Count == 0
                    && !findings.Any(f => f.Kind is FindingKind.Unaccounted or FindingKind.AcknowledgedLost);
                if (settled)
                {
                    waiting.Remove(agent);
                }
                else if (_chronicle.Elapsed - from > SettleLimit)
                {
                    _chronicle.Say(agent.Name, $"not settled {when}: {totals}; {string.Join("; ", findings.Take(3))}");
                    waiting.Remove(agent);
                }
            }

            await Task.Delay(300);
        }

        _chronicle.Say("harness", $"settled {when} within {(_chronicle.Elapsed - from).TotalSeconds:0.0} s");
    }

    private async Task<IReadOnlyList<HostTotals>> VerifyAsync(AggregatorSubject aggregator, Fleet fleet)
    {
        await aggregator.KillAsync();
        await aggregator.StartAsync();
        using var api = new AggregatorApi(aggregator.Http);
        var reader = new EvidenceReader(api);
        var totals = new List<HostTotals>();
        foreach (AgentSubject agent in fleet.Agents)
        {
            HostEvidence evidence = await agent.EvidenceAsync(reader);
            (Dictionary<long, int> samples, List<StoredPoint> sequences) = await reader.SamplesAsync(agent.HostId, evidence.Trace);
            (HostTotals total, IReadOnlyList<Finding> findings) = Verifier.Verify(evidence with { StoredSamples = samples, SequencePoints = sequences });
            totals.Add(total);
            _findings.AddRange(findings);
        }

        (int code, TimeSpan took) = await aggregator.Process.TerminateAsync(TimeSpan.FromSeconds(20));
        if (code != 0 || took > TimeSpan.FromSeconds(5))
        {
            Report(FindingKind.ProgramFailed, "aggregator", $"took {took.TotalSeconds:0.0} s to end after SIGTERM, exit code {code}");
        }

        return totals;
    }

    private void CheckMemory(AggregatorSubject aggregator, Fleet fleet)
    {
        IEnumerable<(string Name, long Bytes, long Limit)> all = fleet.Agents.Select(a => (a.Name, a.Memory.Bytes, a.MemoryLimitBytes))
            .Append(("aggregator", aggregator.Memory.Bytes, AggregatorSubject.MemoryLimitBytes));
        foreach ((string name, long bytes, long limit) in all.Where(a => a.Bytes > a.Limit))
        {
            Report(FindingKind.MemoryExceeded, name, $"{bytes / 1048576} MiB resident, {limit / 1048576} MiB are allowed");
        }
    }

    private void Report(FindingKind kind, string host, string what)
    {
        lock (_findings)
        {
            _findings.Add(new Finding(kind, host, what));
        }
    }
}
