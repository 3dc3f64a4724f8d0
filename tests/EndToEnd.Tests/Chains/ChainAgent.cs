using HostAgent.TestSupport.Processes;
using HostAgent.Torture.Verification;

namespace HostAgent.EndToEnd.Tests.Chains;

/// <summary>One agent of a <see cref="Chain"/>, a host of its own.</summary>
internal sealed class ChainAgent
{
    private readonly Chain _chain;
    private readonly string _directory;
    private readonly string _url;
    private readonly List<EpochEnd> _ends = [];
    private ChildProcess? _process;

    public ChainAgent(Chain chain, string name, string directory, string url)
    {
        (_chain, Name, _directory, _url) = (chain, name, directory, url);
        Directory.CreateDirectory(StateDirectory);

        // Agents without an identity of their own would be one host, if they derived it from this machine.
        File.WriteAllText(Path.Combine(StateDirectory, "host-id"), HostId + "\n");
    }

    /// <summary>Its name in messages.</summary>
    public string Name { get; }

    /// <summary>Its identity.</summary>
    public string HostId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Where it keeps its state.</summary>
    public string StateDirectory => Path.Combine(_directory, "state");

    /// <summary>What it wrote down itself.</summary>
    public AgentTrace Trace => AgentTrace.Read(Path.Combine(_directory, "trace"));

    /// <summary>The running process.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{Name} was not started");

    /// <summary>Its settings besides the command line: quick to come back, and its own figures in every tick (so that one value per tick is
    /// known, see <see cref="EvidenceReader.SequenceMetric"/>).</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Certificate file that it trusts; null: the aggregator's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Segments that its spool holds.</summary>
    public int Segments => Directory.GetFiles(StateDirectory, "*.segment").Length;

    /// <summary>Starts it.</summary>
    public ChildProcess Start(string interval = "200ms", params string[] more)
    {
        List<string> argv =
        [
            Programs.Agent, "run", "--aggregator", _url, "--ca", CaFile ?? _chain.CaFile,
            "--token-file", Path.Combine(_chain.DataDirectory, "enrolment.token"), "--state", StateDirectory, "--interval", interval,
            "--trace", Path.Combine(_directory, "trace"), .. more,
        ];
        string file = Path.Combine(_directory, "agent.yaml");
        File.WriteAllLines(file, ["samplers:", "  self:", $"    interval: {interval}", "stream:", "  max_reconnect_delay: 1s", .. Settings]);
        argv.AddRange(["--config", file]);
        _process = _chain.Run(Name, [.. argv]);
        return _process;
    }

    /// <summary>SIGTERM; returns exit code and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        (int, TimeSpan) end = await Process.TerminateAsync(TimeSpan.FromSeconds(20));
        _ends.Add(new EpochEnd(Trace.LastEpoch, Killed: false, SpoolRefused: false));
        return end;
    }

    /// <summary>Compares its trace with everything the aggregator has of it; frames after the newest ack of the last epoch are open.</summary>
    public async Task<(HostTotals Totals, IReadOnlyList<Finding> Findings)> VerifyAsync()
    {
        var reader = new EvidenceReader(_chain.Api);
        AgentTrace trace = Trace;
        (Dictionary<long, int> samples, List<StoredPoint> sequences) = await reader.SamplesAsync(HostId, trace);
        return Verifier.Verify(new HostEvidence
        {
            Host = Name,
            Trace = trace,
            Ends = _ends,
            Account = await reader.AccountAsync(HostId),
            OpenEpoch = trace.LastEpoch,
            StoredSamples = samples,
            SequencePoints = sequences,
        });
    }

    /// <summary>Waits until every frame that it has produced so far is acknowledged or reported lost, then ends it and compares.</summary>
    public async Task<HostTotals> EndAndVerifyAsync()
    {
        List<FrameKey> soFar = [.. Trace.Frames.Keys];
        await TestSupport.Eventually.TrueAsync(
            () => Trace is var now && soFar.TrueForAll(k => now.Acknowledged.Contains(k) || now.ReportedLost.Contains(k)),
            $"{Name} has delivered or reported everything up to {soFar[^1]}", TimeSpan.FromSeconds(60));
        await TerminateAsync();
        (HostTotals totals, IReadOnlyList<Finding> findings) = await VerifyAsync();
        Assert.True(findings.Count == 0, string.Join('\n', findings.Take(10)));
        Assert.True(totals.Balances, $"{totals}");
        return totals;
    }
}
