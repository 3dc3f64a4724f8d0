using System.Text;
using System.Text.RegularExpressions;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>What this agent can say, as one file to read and to review.</summary>
public sealed partial class CatalogTests
{
    [Fact]
    public void The_catalog_is_the_recorded_one()
    {
        var text = new StringBuilder();
        foreach (SamplerDefinition definition in SamplerCatalog.All)
        {
            text.Append($"{definition.Name}: every {(definition.Interval is { } interval ? $"{interval.TotalSeconds:0.###} s" : "interval")}. {definition.Help}\n");
            foreach (SamplerOption option in definition.Options)
            {
                text.Append($"  option {option.Name} ({option.Kind}, default \"{option.Default}\"): {option.Help}\n");
            }

            foreach (Metric metric in definition.Metrics)
            {
                text.Append($"  {metric.Name} {metric.Type.ToString().ToLowerInvariant()}: {metric.Help}\n");
            }
        }

        Golden.Check("catalog.txt", text.ToString());
    }

    [Fact]
    public void Metric_names_are_unique_and_follow_the_conventions()
    {
        Metric[] metrics = [.. SamplerCatalog.All.SelectMany(one => one.Metrics)];
        Assert.Equal(metrics.Length, metrics.DistinctBy(metric => metric.Name).Count());
        Assert.All(metrics, metric =>
        {
            Assert.Matches(Name(), metric.Name);
            Assert.Equal(metric.Type == MetricType.Counter, metric.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.DoesNotContain("_ms", metric.Name, StringComparison.Ordinal);
            Assert.EndsWith(".", metric.Help, StringComparison.Ordinal);
            Assert.True(metric.Divisor > 0 && metric.Multiplier > 0);
        });
    }

    [Fact]
    public void Every_series_that_this_host_shows_is_in_the_catalog()
    {
        foreach (SamplerDefinition definition in SamplerCatalog.All)
        {
            using var harness = new SamplerHarness(definition.Name, new());
            harness.Sample();
            for (int id = 0; id < harness.Table.Count; id++)
            {
                Assert.Contains(harness.Table[id].Metric, definition.Metrics);
            }
        }
    }

    [Fact]
    public void Type_numbers_are_those_of_the_wire()
    {
        Assert.Equal(
            Enum.GetValues<V1.MetricType>().Where(type => type != V1.MetricType.Unspecified).Select(type => (type.ToString(), (int)type)),
            Enum.GetValues<MetricType>().Select(type => (type.ToString(), (int)type)));
    }

    [GeneratedRegex("^(host|hostagent|process|port|tls)(_[a-z0-9]+)+$")]
    private static partial Regex Name();
}
