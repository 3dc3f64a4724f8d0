using HostAgent.EndToEnd.Tests.Chains;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;
using HostAgent.Torture.Verification;

namespace HostAgent.EndToEnd.Tests;

/// <summary>What happens to samples when one of the two programs is away. Each test compares the agent's own record with the store, sample
/// by sample.</summary>
public sealed class AwayTests : ChainTest
{
    [Fact]
    public async Task An_aggregator_that_was_away_gets_what_was_spilled_and_nothing_is_missing()
    {
        Chain chain = await StartChainAsync();
        await using var link = new TcpFaultProxy(new Uri(chain.GrpcUrl).Port);
        ChainAgent agent = chain.Agent($"https://127.0.0.1:{link.Port}");
        agent.Start();
        await Eventually.TrueAsync(() => agent.Trace.Acknowledged.Count > 5, "samples flow");

        await chain.Aggregator.KillAsync();
        link.Cut();
        int before = agent.Trace.Frames.Count;
        await Eventually.TrueAsync(() => agent.Trace.Frames.Count > before + 75, "15 s of samples nobody takes", TimeSpan.FromSeconds(40));
        Assert.True(agent.Segments > 0, "nothing was spilled");

        await chain.StartAggregatorAsync();
        link.UpstreamPort = new Uri(chain.GrpcUrl).Port;
        await Eventually.TrueAsync(() => agent.Segments == 0, "the spool is empty again", TimeSpan.FromSeconds(40));
        HostTotals totals = await agent.EndAndVerifyAsync();

        Assert.Equal(0, totals.Dropped + totals.LostAtCrash);
        Assert.True(totals.Late >= 40, $"frames that waited in the spool are late: {totals}");
    }

    [Fact]
    public async Task An_agent_that_ends_while_the_aggregator_is_away_delivers_after_its_next_start()
    {
        Chain chain = await StartChainAsync();
        await using var link = new TcpFaultProxy(new Uri(chain.GrpcUrl).Port);
        ChainAgent agent = chain.Agent($"https://127.0.0.1:{link.Port}");
        agent.Start();
        await Eventually.TrueAsync(() => agent.Trace.Acknowledged.Count > 5, "samples flow");

        link.Fault = new LinkFault(Refusing: true);
        link.Cut();
        int before = agent.Trace.Frames.Count;
        await Eventually.TrueAsync(() => agent.Trace.Frames.Count > before + 10, "samples nobody takes");
        (int code, _) = await agent.TerminateAsync();
        Assert.Equal(0, code);
        Assert.True(agent.Segments > 0, "what was in memory was not written at the end");

        link.Fault = LinkFault.None;
        agent.Start();
        await Eventually.TrueAsync(() => agent.Segments == 0 && agent.Trace.Frames.Keys.Select(k => k.Epoch).Distinct().Count() == 2,
            "the earlier run's samples are delivered", TimeSpan.FromSeconds(30));
        HostTotals totals = await agent.EndAndVerifyAsync();

        Assert.Equal(0, totals.Dropped + totals.LostAtCrash);
    }

    [Fact]
    public async Task A_restarted_aggregator_still_has_the_history_and_goes_on()
    {
        Chain chain = await StartChainAsync();
        await using var link = new TcpFaultProxy(new Uri(chain.GrpcUrl).Port);
        ChainAgent agent = chain.Agent($"https://127.0.0.1:{link.Port}");
        agent.Start();
        await Eventually.TrueAsync(() => agent.Trace.Acknowledged.Count > 15, "samples flow");

        foreach (UnixSignal signal in new[] { UnixSignal.Terminate, UnixSignal.Kill })
        {
            FrameKey acknowledged = agent.Trace.Acknowledged.Max();
            long time = agent.Trace.Frames[acknowledged].TimeUnixMs;
            chain.Aggregator.Send(signal);
            await chain.Aggregator.WaitAsync(TimeSpan.FromSeconds(10));
            await chain.StartAggregatorAsync();
            IReadOnlyList<ApiSeries> history = await chain.Api.RangeAsync($"host_load1{{instance=\"{agent.HostId}\"}}", time, time);
            Assert.Single(Assert.Single(history).Points);

            link.UpstreamPort = new Uri(chain.GrpcUrl).Port;
            await Eventually.TrueAsync(() => agent.Trace.Acknowledged.Max() > acknowledged, $"it goes on after {signal}");
        }

        HostTotals totals = await agent.EndAndVerifyAsync();
        Assert.Equal(0, totals.Dropped + totals.LostAtCrash);
    }

    [Fact]
    public async Task A_healthy_agent_writes_nothing_to_disk()
    {
        Chain chain = await StartChainAsync();
        ChainAgent agent = chain.Agent();
        agent.Start("1s");
        await Eventually.TrueAsync(() => agent.Trace.Acknowledged.Count > 2 && agent.Segments == 0, "samples flow, the start is digested");
        Dictionary<string, (long, DateTime)> filesBefore = Files(agent.StateDirectory);
        long frames = agent.Trace.Frames.Count;
        long traceBytes = TraceBytes(agent);
        long written = WrittenBytes(agent.Process.Id);

        await Eventually.TrueAsync(() => agent.Trace.Frames.Count >= frames + 10, "ten more seconds of samples", TimeSpan.FromSeconds(30));

        Assert.Equal(filesBefore, Files(agent.StateDirectory));
        // wchar counts every write(2), sockets' send(2) and the page cache aside: all of it must be the trace and the event descriptors.
        long other = WrittenBytes(agent.Process.Id) - written - (TraceBytes(agent) - traceBytes);
        Assert.True(other < 4096, $"{other} bytes were written to something else than the trace");
    }

    private static long TraceBytes(ChainAgent agent)
        => new FileInfo(Path.Combine(Path.GetDirectoryName(agent.StateDirectory)!, "trace")).Length;

    /// <summary>wchar of proc_pid_io(5).</summary>
    private static long WrittenBytes(int pid)
        => long.Parse(File.ReadLines($"/proc/{pid}/io").First(l => l.StartsWith("wchar:", StringComparison.Ordinal))[6..],
            System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, (long Length, DateTime Written)> Files(string directory)
        => Directory.EnumerateFiles(directory).ToDictionary(f => f, f => (new FileInfo(f).Length, File.GetLastWriteTimeUtc(f)));
}
