using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Sampling;

public sealed class SeriesTableTests
{
    private static readonly Metric Bytes = new("host_x_bytes", MetricType.Gauge, "X.", 1024);
    private static readonly Metric Ratio = new("host_y", MetricType.Gauge, "Y.", IsFloat: true);

    private readonly SeriesTable _table = new();

    [Fact]
    public void Ids_are_dense_and_never_used_again_until_a_new_generation()
    {
        _table.AddGroup("g", TimeSpan.FromSeconds(1));
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(i, _table.Add(0, Bytes, ("n", $"{i}")));
            _table.End(i);
        }

        Assert.Equal(2000, _table.Count);
        Assert.Equal(0, _table.LiveCount);
        _table.Clear();
        Assert.Equal(1, _table.Generation);
        Assert.Equal(0, _table.Add(0, Bytes));
        Assert.Empty(_table.EndedIds.ToArray());
        Assert.Equal("g", _table.Groups.Single().Name);
    }

    [Fact]
    public void A_reader_sees_what_came_and_went_since_its_last_look()
    {
        _table.AddGroup("g", TimeSpan.FromSeconds(1));
        _table.Add(0, Bytes);
        long version = _table.Version;
        int count = _table.Count;
        _table.Set(0, 5);
        Assert.Equal(version, _table.Version);

        int added = _table.Add(0, Ratio, ("a", "b"));
        _table.End(0);
        _table.End(0);
        Assert.NotEqual(version, _table.Version);
        Assert.Equal(added, count);
        Assert.Equal([0], _table.EndedIds.ToArray());
        Assert.True(_table[0].Ended);
        Assert.Equal([("a", "b")], _table[added].Labels);
    }

    [Fact]
    public void A_raw_value_means_what_its_metric_says()
    {
        _table.AddGroup("g", TimeSpan.FromSeconds(1));
        int bytes = _table.Add(0, Bytes);
        int ratio = _table.Add(0, Ratio);
        _table.Set(bytes, 3);
        _table.SetFloat(ratio, 0.25);
        Assert.Equal(3072, Bytes.ValueOf(_table.Raw[bytes]));
        Assert.Equal(0.25, Ratio.ValueOf(_table.Raw[ratio]));
    }

    [Fact]
    public void Unknown_ids_and_groups_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _table[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _table.Add(0, Bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => _table.End(-1));
    }
}
