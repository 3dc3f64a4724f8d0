using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>What is older than the retention goes, on the aggregator's own timer.</summary>
public sealed class RetentionTests
{
    private static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    [Fact]
    public async Task Samples_and_account_older_than_the_retention_go_and_younger_ones_stay()
    {
        var backend = new MemoryBackend();
        var old = new TestAgent();
        var young = new TestAgent(id: new string('2', 32), name: "web-2");
        await using (var aggregator = new IngestHarness(backend, retention: Keep))
        {
            await SendAsync(aggregator, backend, old);
            aggregator.Time.Advance(Keep / 2);
            await SendAsync(aggregator, backend, young);
            aggregator.Time.Advance((Keep / 2) - TimeSpan.FromMinutes(1)); // every hourly pass until now found nothing old enough
            Assert.Equal(3, aggregator.Samples("d0").Length);
            Assert.Equal(3UL, aggregator.Account(old).PresentFrames);

            await PassMinutesUntilAsync(aggregator, () => aggregator.Samples("d0").Length == 0, "the old samples are deleted");
            Assert.Equal(0UL, aggregator.Account(old).PresentFrames);
            Assert.Equal(3, aggregator.Samples("d0", "web-2").Length);
            Assert.Equal(3UL, aggregator.Account(young).PresentFrames);
        }

        await using var restarted = new IngestHarness(backend.Reopen());
        Assert.Empty(restarted.Samples("d0"));
        Assert.Equal(0UL, restarted.Account(old).PresentFrames);
        Assert.Equal(3, restarted.Samples("d0", "web-2").Length);
        Assert.Equal(3UL, restarted.Account(young).PresentFrames);
    }

    [Fact]
    public async Task A_deletion_that_fails_is_tried_again_an_hour_later()
    {
        var memory = new MemoryBackend();
        var backend = new GatedBackend(memory) { FailingDeletions = 2 };
        var agent = new TestAgent();
        await using var aggregator = new IngestHarness(backend, retention: TimeSpan.FromMinutes(30));
        await SendAsync(aggregator, memory, agent);

        await PassMinutesUntilAsync(aggregator, () => backend.Deletions == 1, "a first deletion");
        DateTimeOffset first = aggregator.Time.GetUtcNow();
        await PassMinutesUntilAsync(aggregator, () => backend.Deletions > 2, "deletions after two that failed");

        Assert.True(aggregator.Time.GetUtcNow() - first > TimeSpan.FromMinutes(60));
        await Eventually.TrueAsync(() => aggregator.Samples("d0").Length == 0, "the old samples are deleted");
    }

    [Fact]
    public async Task A_late_copy_of_a_frame_whose_time_in_the_store_is_over_is_a_duplicate_still()
    {
        var backend = new MemoryBackend();
        var agent = new TestAgent();
        await using var aggregator = new IngestHarness(backend, retention: TimeSpan.FromMinutes(30));
        await SendAsync(aggregator, backend, agent);
        await PassMinutesUntilAsync(aggregator, () => aggregator.Account(agent).PresentFrames == 0, "the account is forgotten");

        LaneSession again = aggregator.Open(agent.Hello(), Frames(agent, aggregator.Now));
        await IngestHarness.AckedAsync(again, 3);

        HostAccount account = aggregator.Account(agent);
        Assert.Equal((0UL, 3UL, 0UL), (account.PresentFrames, account.DuplicateFrames, account.MissingFrames));
    }

    /// <summary>Three frames of now, sealed into chunks: retention takes whole chunks.</summary>
    private static async Task SendAsync(IngestHarness aggregator, MemoryBackend backend, TestAgent agent)
    {
        LaneSession lane = aggregator.Open(agent.Hello(), Frames(agent, aggregator.Now));
        await IngestHarness.AckedAsync(lane, 3);
        aggregator.Pipeline.Close(lane);
        lane.Dispose();
        aggregator.Pipeline.Queue.Wake();
        await Eventually.TrueAsync(() => !backend.ReadJournal().Any(), "the section is sealed");
    }

    private static Batch Frames(TestAgent agent, long start)
    {
        Batch batch = agent.Announce();
        for (uint i = 1; i <= 3; i++)
        {
            batch.Entries.Add(agent.Frame(i, start + i));
        }

        return batch;
    }

    /// <summary>A minute per look: the timer's work is done on another thread, which a jump of hours would overtake.</summary>
    private static Task PassMinutesUntilAsync(IngestHarness aggregator, Func<bool> condition, string what) => Eventually.TrueAsync(
        () =>
        {
            aggregator.Time.Advance(TimeSpan.FromMinutes(1));
            return condition();
        },
        what);
}
