using HostAgent.Aggregator.Ingest;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Ingest;

/// <summary>A virtual machine that was cloned with its agent's state: two machines, one identity.</summary>
public sealed class DuplicateTests : IAsyncDisposable
{
    private readonly IngestHarness _aggregator = new(new MemoryBackend());

    public ValueTask DisposeAsync() => _aggregator.DisposeAsync();

    [Fact]
    public void A_clone_is_found_when_the_original_comes_back_and_is_refused_by_name_from_then_on()
    {
        LaneSession clone = Cloned(out LaneSession original);

        Assert.Equal(RefusalKind.Duplicate, clone.EndReason!.Kind);
        Assert.Null(original.EndReason);
        RefusalException refused = Assert.Throws<RefusalException>(() => Open("boot-b", 20));
        RefusalException rebooted = Assert.Throws<RefusalException>(() => Open("boot-c", 30));
        Assert.Equal((RefusalKind.Duplicate, RefusalKind.Duplicate), (refused.Kind, rebooted.Kind));
        Assert.Contains("(boot boot-a, epoch 10) keeps it", refused.Message, StringComparison.Ordinal);
        Assert.Contains("boot boot-c, epoch 30", Duplicate, StringComparison.Ordinal); // who tried last
        Assert.Throws<RefusalException>(() => Open("boot-b", 20, Lane.Backfill));
    }

    [Fact]
    public void The_agent_of_the_original_may_be_restarted_meanwhile()
    {
        Cloned(out LaneSession original);
        LaneSession restarted = Open("boot-a", 40);
        Assert.Equal(RefusalKind.Duplicate, original.EndReason!.Kind); // the run before it
        Assert.Null(restarted.EndReason);
        Assert.Throws<RefusalException>(() => Open("boot-b", 50));
    }

    [Fact]
    public void Hellos_of_a_dead_run_that_were_held_up_on_the_way_are_no_sign()
    {
        Open("boot-a", 10);
        LaneSession restarted = Open("boot-a", 20);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(RefusalKind.NotTheNewest, Assert.Throws<RefusalException>(() => Open("boot-a", 10)).Kind); // all at once
        }

        _aggregator.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(RefusalKind.NotTheNewest, Assert.Throws<RefusalException>(() => Open("boot-a", 10)).Kind); // nor one long after
        Assert.Null(restarted.EndReason);
        Assert.Null(Duplicate);
    }

    [Fact]
    public void Restarts_reboots_and_a_backfill_lane_are_no_sign()
    {
        for (ulong epoch = 1; epoch <= 20; epoch++)
        {
            Open($"boot-{epoch / 3}", epoch);
            Open($"boot-{epoch / 3}", epoch, Lane.Backfill);
            _aggregator.Time.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.Null(Duplicate);
    }

    [Fact]
    public void It_is_over_when_the_clone_has_been_silent_for_a_quarter_of_an_hour()
    {
        Cloned(out _);
        Assert.NotNull(Duplicate);
        _aggregator.Time.Advance(TimeSpan.FromMinutes(16));
        Open("boot-a", 10);
        Assert.Null(Duplicate);
        Open("boot-d", 60); // a reboot is one again
    }

    [Fact]
    public void When_the_one_that_kept_it_is_gone_the_other_gets_it_after_five_minutes()
    {
        Cloned(out LaneSession original);
        _aggregator.Pipeline.Close(original);
        for (int minute = 0; minute < 5; minute++)
        {
            Assert.Throws<RefusalException>(() => Open("boot-b", 20));
            _aggregator.Time.Advance(TimeSpan.FromMinutes(1));
        }

        _aggregator.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Open("boot-b", 20).EndReason);
    }

    [Fact]
    public void Another_host_is_not_touched()
    {
        Cloned(out _);
        var other = new TestAgent("ffffffffffffffffffffffffffffffff", "web-2");
        Assert.Null(_aggregator.Open(other.Hello()).EndReason);
        Assert.Null(_aggregator.Hosts.Find(other.HostId)!.Duplicate);
    }

    private string? Duplicate => _aggregator.Hosts.Find(new TestAgent().HostId)!.Duplicate;

    /// <summary>The original streams, the clone takes over, the original tries twice.</summary>
    private LaneSession Cloned(out LaneSession original)
    {
        LaneSession first = Open("boot-a", 10);
        LaneSession clone = Open("boot-b", 20);
        Assert.Equal(RefusalKind.Replaced, first.EndReason!.Kind);
        Assert.Equal(RefusalKind.NotTheNewest, Assert.Throws<RefusalException>(() => Open("boot-a", 10)).Kind);
        Assert.Null(Duplicate);
        _aggregator.Time.Advance(TimeSpan.FromSeconds(45));
        original = Open("boot-a", 10);
        Assert.Contains("two machines use the identity", Duplicate, StringComparison.Ordinal);
        return clone;
    }

    private LaneSession Open(string boot, ulong epoch, Lane lane = Lane.Live)
    {
        Hello hello = new TestAgent(epoch: epoch).Hello(lane);
        hello.BootId = boot;
        return _aggregator.Pipeline.Open(hello);
    }
}
