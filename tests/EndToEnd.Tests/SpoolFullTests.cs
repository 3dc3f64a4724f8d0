using HostAgent.EndToEnd.Tests.Chains;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Faults;
using HostAgent.Torture.Verification;

namespace HostAgent.EndToEnd.Tests;

/// <summary>What an agent cannot keep is counted, reported, and stands in the account: present + late + dropped = produced.</summary>
public sealed class SpoolFullTests : ChainTest
{
    [Theory]
    [InlineData("dropped_spool_full", "max_disk_bytes: 128KiB", "max_segment_bytes: 64KiB")]
    [InlineData("dropped_spool_failed", "max_disk_bytes: 0", "max_memory_bytes: 64KiB")]
    public async Task What_did_not_fit_while_the_aggregator_was_away_is_accounted_for(string reason, params string[] spool)
    {
        Chain chain = await StartChainAsync();
        await using var link = new TcpFaultProxy(new Uri(chain.GrpcUrl).Port);
        ChainAgent agent = chain.Agent($"https://127.0.0.1:{link.Port}", ["spool:", "  spill_after: 4s", .. spool.Select(s => $"  {s}")]);
        agent.Start("100ms");
        await Eventually.TrueAsync(() => agent.Trace.Acknowledged.Count > 5, "samples flow");

        link.Fault = new LinkFault(Refusing: true);
        link.Cut();
        await Eventually.TrueAsync(() => agent.Process.Output.Contains("dropped", StringComparison.Ordinal) || Lost(agent), "something was dropped",
            TimeSpan.FromSeconds(90));
        link.Fault = LinkFault.None;
        await Eventually.TrueAsync(() => agent.Trace.ReportedLost.Count > 0, "the loss was reported", TimeSpan.FromSeconds(30));

        await Eventually.TrueAsync(() => agent.Segments == 0, "the rest is delivered", TimeSpan.FromSeconds(30));
        HostTotals totals = await agent.EndAndVerifyAsync();
        Assert.True(totals.Dropped > 0, $"{totals}");
        Assert.Equal(0, totals.LostAtCrash);
        IReadOnlyList<AccountRun> account = await new EvidenceReader(chain.Api).AccountAsync(agent.HostId);
        Assert.All(account.Where(r => r.Outcome == RunOutcome.Dropped), r => Assert.Equal(reason, r.Reason));
    }

    /// <summary>With 64 KiB of memory and no disk, hundred frames cannot all be kept.</summary>
    private static bool Lost(ChainAgent agent) => agent.Segments == 0 && agent.Trace.Frames.Count > agent.Trace.Acknowledged.Count + 100;
}
