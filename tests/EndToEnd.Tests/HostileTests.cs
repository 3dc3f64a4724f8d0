using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using HostAgent.EndToEnd.Tests.Chains;
using HostAgent.EndToEnd.Tests.Exposition;
using HostAgent.TestSupport;
using HostAgent.Torture.Verification;
using HostAgent.V1;

namespace HostAgent.EndToEnd.Tests;

/// <summary>An agent that breaks the rules is refused by name and counted, and a good agent beside it does not notice.</summary>
public sealed class HostileTests : ChainTest
{
    [Fact]
    public Task Frames_of_garbage_are_refused() => RefusedAsync("frame_format", StatusCode.InvalidArgument, async hostile =>
    {
        await hostile.AnnounceAsync(10);
        byte[] garbage = new byte[200];
        new Random(1).NextBytes(garbage);
        await hostile.SendAsync(new Entry { Frame = new Frame { Sequence = 1, TimeUnixMs = Now, Body = ByteString.CopyFrom(garbage) } });
    });

    [Fact]
    public Task Ten_million_series_are_refused_long_before_they_take_memory()
        => RefusedAsync("series", StatusCode.ResourceExhausted, async hostile =>
        {
            await hostile.AnnounceAsync(1000);
            for (int first = 1000; first < 10_000_000 && !hostile.HasEnded; first += 1000)
            {
                var batch = new Batch { Epoch = 1 };
                batch.Series.AddRange(hostile.Series(first, 1000));
                await hostile.SendAsync(batch);
            }

            Assert.True(hostile.HasEnded);
        });

    [Fact]
    public Task A_flood_of_NaN_is_refused() => RefusedAsync("frame_rate", StatusCode.ResourceExhausted, async hostile =>
    {
        await hostile.AnnounceAsync(100);
        for (ulong sequence = 1; sequence < 20_000 && !hostile.HasEnded; sequence++)
        {
            await hostile.SendAsync(hostile.Frame(sequence, Now, double.NaN));
        }
    });

    [Fact]
    public Task Ids_that_were_not_announced_are_refused() => RefusedAsync("metric_id", StatusCode.InvalidArgument, hostile =>
    {
        var batch = new Batch { Epoch = 1, Reset = true };
        batch.Series.Add(new SeriesDef { Id = 0, Metric = 77, Group = 0 });
        return hostile.SendAsync(batch);
    });

    [Fact]
    public async Task A_frame_of_the_far_future_is_refused_and_accounted_for_and_the_call_goes_on()
    {
        Chain chain = await StartChainAsync();
        using var hostile = new HostileAgent(chain);
        await hostile.GreetAsync();
        await hostile.AnnounceAsync(3);

        await hostile.SendAsync(hostile.Frame(1, Now + 86_400_000, 1));
        Assert.Equal(1ul, (await hostile.AckAsync()).Sequence);
        await hostile.SendAsync(hostile.Frame(2, Now, 2));
        Assert.Equal(2ul, (await hostile.AckAsync()).Sequence);

        IReadOnlyList<AccountRun> account = await new EvidenceReader(chain.Api).AccountAsync(hostile.HostId);
        Assert.Equal([("refused", 1ul), ("present", 2ul)], account.Select(r => (r.Reason, r.FirstSequence)).OrderBy(r => r.FirstSequence));
        Assert.Contains("future", await RefusalOfAsync(chain, hostile.HostId), StringComparison.Ordinal);
        await MustCountAsync(chain, "frame_time");
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private async Task RefusedAsync(string reason, StatusCode code, Func<HostileAgent, Task> attack)
    {
        Chain chain = await StartChainAsync();
        ChainAgent good = chain.Agent();
        good.Start();
        await Eventually.TrueAsync(() => good.Trace.Acknowledged.Count > 3, "the good agent's samples flow");
        using var hostile = new HostileAgent(chain);
        await hostile.GreetAsync();

        await attack(hostile);
        Status status = await hostile.StatusAsync();

        Assert.True(code == status.StatusCode, $"{status}");
        Assert.NotEqual("", status.Detail);
        Assert.Equal(status.Detail, await RefusalOfAsync(chain, hostile.HostId));
        await MustCountAsync(chain, reason);
        int acknowledged = good.Trace.Acknowledged.Count;
        await Eventually.TrueAsync(() => good.Trace.Acknowledged.Count > acknowledged + 3, "the good agent's samples still flow");
        Assert.True(chain.Aggregator.ResidentBytes() < 400 * 1048576L, $"{chain.Aggregator.ResidentBytes() / 1048576} MiB resident");
        HostTotals totals = await good.EndAndVerifyAsync();
        Assert.Equal(0, totals.Dropped + totals.LostAtCrash);
    }

    private static async Task<string> RefusalOfAsync(Chain chain, string hostId)
    {
        JsonElement host = await chain.Api.GetAsync($"/v1/hosts/{hostId}");
        return host.GetProperty("lastRefusal").GetString() ?? "";
    }

    private static async Task MustCountAsync(Chain chain, string reason)
    {
        (_, string metrics) = await chain.Api.TryGetAsync("/metrics");
        ExpositionFamily refused = ExpositionParser.Parse(metrics)["hostaggregator_ingest_refused_total"];
        Assert.Contains(refused.Samples, s => s.Key.Contains($"reason=\"{reason}", StringComparison.Ordinal) && s.Value >= 1);
    }
}
