using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Commands.Reflexes;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;
using HostAgent.V1;
using MetricType = HostAgent.Agent.Sampling.MetricType;

namespace HostAgent.Agent.Tests.Commands;

public sealed class ReflexTests : IDisposable
{
    private const string Policy = """
        allow:
          - kinds: [service.restart]
            subjects: ["unit:web-*.service"]
        reflexes:
          - name: low-memory
            when: host_memory_available_bytes < 200MB
            for: 3
            kind: service.restart
            args: { unit: web-1.service }
            limit: { max: 2, per: 1h }
        """;

    private static readonly Metric Memory = new("host_memory_available_bytes", MetricType.Gauge, "x", Multiplier: 1024);
    private static readonly Metric Space = new("host_filesystem_avail_bytes", MetricType.Gauge, "x");

    private readonly TempDirectory _directory = new("reflex");
    private readonly FakeTime _time = new();
    private readonly CommandRig _rig;
    private readonly SeriesTable _table = new();
    private readonly int _group;
    private readonly int _memory;

    public ReflexTests()
    {
        _rig = new CommandRig(_directory.FullPath, _time);
        _rig.SetPolicy(Policy);
        _group = _table.AddGroup("memory", TimeSpan.FromSeconds(1));
        _memory = _table.Add(_group, Memory);
    }

    public void Dispose()
    {
        _rig.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_orders_after_so_many_samples_in_a_row_and_not_more_often_than_allowed_whoever_is_away()
    {
        ReflexWatch watch = Watch();
        Tick(watch, 300_000, 5);
        Tick(watch, 100_000, 2);
        Tick(watch, 300_000, 1);
        Tick(watch, 100_000, 2);
        Assert.Empty(_rig.Journal.Entries());
        Tick(watch, 100_000, 1);
        CommandEntry first = await Ordered(1);
        Assert.Equal(("reflex:low-memory", CommandOrigin.Reflex, CommandState.Succeeded), (first.Order.RequestedBy, first.Origin, first.State));
        Tick(watch, 100_000, 2);
        Assert.Single(_rig.Journal.Entries());
        Tick(watch, 100_000, 1);
        await Ordered(2);
        Tick(watch, 100_000, 3);
        await Eventually.TrueAsync(() => _rig.Logged.Any(static line => line.Contains("it has run 2 times in 60 min: somebody has to look", StringComparison.Ordinal)), "it says so");
        Assert.Equal(2, _rig.Handler.Runs);
        _time.Advance(TimeSpan.FromMinutes(61));
        Tick(watch, 100_000, 3);
        await Ordered(3);
    }

    [Fact]
    public async Task The_aggregator_is_told_what_it_was()
    {
        _rig.Outbox.Attach(static () => { });
        Tick(Watch(), 100_000, 3);
        CommandEntry entry = await Ordered(1);
        Assert.True(_rig.Outbox.TryTake(out CommandReport delivered));
        Assert.Equal(
            (entry.Id, CommandState.Delivered, "service.restart", "reflex:low-memory"),
            (delivered.CommandId, delivered.State, delivered.SelfOrdered.Body.Kind, delivered.SelfOrdered.RequestedBy));
    }

    [Fact]
    public void Watching_allocates_nothing_while_no_series_come_or_go()
    {
        for (int i = 0; i < 50; i++)
        {
            _table.Add(_group, Space, ("mountpoint", $"/var/{i}"));
        }

        SeriesCondition condition = SeriesCondition.Parse("host_filesystem_avail_bytes{mountpoint=\"/var/*\"} < 2GiB")!;
        var watch = new ReflexWatch(
            new Nobody(), [new ReflexRule("x", condition, 1_000_000, "service.restart", [], new Budget(1, TimeSpan.FromHours(1)), "p:1")], static _ => { });
        int[] groups = [_group];
        watch.OnTick(0, groups, _table);
        watch.OnTick(0, groups, _table);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            watch.OnTick(i, groups, _table);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("host_memory_available_bytes < 200MB", 199_999_999, true)]
    [InlineData("host_memory_available_bytes < 200MB", 200_000_000, false)]
    [InlineData("host_memory_available_bytes<=1KiB", 1024, true)]
    [InlineData("x{a=\"b\", c=\"d*\"} >= 90%", 0.9, true)]
    [InlineData("x == 0", 0, true)]
    [InlineData("x != 0", 0, false)]
    [InlineData("x > 5m", 301, true)]
    public void Conditions_compare(string text, double value, bool holds) => Assert.Equal(holds, SeriesCondition.Parse(text)!.Holds(value));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("x < ")]
    [InlineData("x < many")]
    [InlineData("x{a=b} < 1")]
    [InlineData("x{a=\"b < 1")]
    [InlineData("rate(x) < 1")]
    [InlineData("x ! 1")]
    [InlineData("x < NaN")]
    public void What_is_no_condition_is_none(string text) => Assert.Null(SeriesCondition.Parse(text));

    [Fact]
    public void Only_series_whose_labels_fit_are_meant_and_a_series_that_goes_is_forgotten()
    {
        SeriesCondition condition = SeriesCondition.Parse("host_filesystem_avail_bytes{mountpoint=\"/var*\"} < 10")!;
        int fired = 0;
        using var signal = new ManualResetEventSlim();
        var watch = new ReflexWatch(new Nobody(), [new ReflexRule("x", condition, 2, "k", [], new Budget(1, TimeSpan.FromHours(1)), "p:1")], _ =>
        {
            Interlocked.Increment(ref fired);
            signal.Set();
        });
        int root = _table.Add(_group, Space, ("mountpoint", "/")), var = _table.Add(_group, Space, ("mountpoint", "/var"));
        _table.Set(root, 1);
        _table.Set(var, 100);
        int[] groups = [_group];
        for (int i = 0; i < 5; i++)
        {
            watch.OnTick(i, groups, _table);
        }

        _table.Set(var, 1);
        watch.OnTick(6, groups, _table);
        _table.End(var);
        int again = _table.Add(_group, Space, ("mountpoint", "/var/x"));
        _table.Set(again, 1);
        watch.OnTick(7, groups, _table);
        Assert.Equal(0, Volatile.Read(ref fired));
        watch.OnTick(8, groups, _table);
        Assert.True(signal.Wait(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, fired);
    }

    private ReflexWatch Watch()
    {
        CommandPolicy policy = _rig.Setup.Policy.Current(out string? problem);
        Assert.Null(problem);
        return new ReflexWatch(new Nobody(), policy.Reflexes, new ReflexOrders(_rig.Setup, _rig.Executor).Order);
    }

    private void Tick(ReflexWatch watch, long availableKiB, int times)
    {
        _table.Set(_memory, availableKiB);
        int[] groups = [_group];
        for (int i = 0; i < times; i++)
        {
            watch.OnTick(i, groups, _table);
        }
    }

    private async Task<CommandEntry> Ordered(int count)
    {
        await Eventually.TrueAsync(() => _rig.Journal.Entries() is { } entries && entries.Count == count && entries.All(static entry => entry.HasEnded), $"{count} ordered");
        return _rig.Journal.Entries()[count - 1];
    }

    private sealed class Nobody : ITickConsumer
    {
        public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
        {
        }
    }
}
