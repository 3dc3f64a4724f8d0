using System.Globalization;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Spool;

/// <summary>A series table that changes from tick to tick: values move, series come and go, now and then all is forgotten.</summary>
internal sealed class TestTable
{
    private static readonly Metric[] Metrics =
    [
        new("host_test_bytes", MetricType.Gauge, "An integer.", Multiplier: 1024),
        new("host_test_total", MetricType.Counter, "Another integer.", Divisor: 1000),
        new("host_test_ratio", MetricType.Gauge, "A float.", IsFloat: true),
    ];

    private readonly Random _random;
    private readonly bool _churn;
    private int _made;

    public TestTable(int seed = 1, int series = 30, bool churn = true)
    {
        _random = new Random(seed);
        _churn = churn;
        foreach (var name in new[] { "fast", "slow", "rare" })
        {
            Table.AddGroup(name, TimeSpan.FromSeconds(1));
        }

        Add(series);
    }

    public SeriesTable Table { get; } = new();

    /// <summary>Moves on by one tick and returns its groups.</summary>
    public int[] Next()
    {
        if (_churn)
        {
            Churn();
        }

        for (var id = 0; id < Table.Count; id++)
        {
            if (_random.Next(2) == 0)
            {
                if (Table[id].Metric.IsFloat)
                {
                    Table.SetFloat(id, _random.NextDouble());
                }
                else
                {
                    Table.Set(id, Table.Raw[id] + _random.Next(-5, 1000));
                }
            }
        }

        return _random.Next(4) switch { 0 => [0, 1, 2], 1 => [0, 2], _ => [0] };
    }

    /// <summary>What a reader must see of a tick of these groups: raw value by series.</summary>
    public SortedDictionary<string, long> Expected(int[] groups)
    {
        var expected = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var id = 0; id < Table.Count; id++)
        {
            if (!Table[id].Ended && groups.Contains(Table[id].Group))
            {
                expected.Add(NameOf(Table[id]), Table.Raw[id]);
            }
        }

        return expected;
    }

    private static string NameOf(Series series) =>
        $"{series.Metric.Name}{{{string.Join(',', series.Labels.Select(label => $"{label.Name}={label.Value}"))}}} of {series.Group}";

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Table.Add(_random.Next(3), Metrics[_random.Next(3)], ("thing", (_made++).ToString(CultureInfo.InvariantCulture)), ("kind", "test"));
        }
    }

    private void Churn()
    {
        switch (_random.Next(12))
        {
            case 0:
                Table.Clear();
                Add(20);
                break;
            case < 4:
                Add(_random.Next(1, 6));
                break;
            case < 8 when Table.Count > 0:
                Table.End(_random.Next(Table.Count));
                Table.End(Table.Count - 1);
                break;
        }
    }
}
