using HostAgent.Aggregator.Metrics;

namespace HostAgent.Aggregator.Tests.Metrics;

public sealed class MetricRegistryTests
{
    [Fact]
    public void Metrics_are_written_in_the_text_format_by_name_then_labels()
    {
        var registry = new MetricRegistry();
        registry.Counter("b_total", "Two\nlines \\ here.", ("kind", "x\"y")).Add(3);
        registry.Counter("b_total", "Two\nlines \\ here.", ("kind", "a")).Increment();
        registry.Gauge("a_bytes", "Bytes.", () => 1.5);
        MetricHistogram histogram = registry.Histogram("c_seconds", "Times.", [0.1, 1], ("route", "/"));
        histogram.Observe(0.1);
        histogram.Observe(0.5);
        histogram.Observe(2);
        Assert.Equal(
            """
            # HELP a_bytes Bytes.
            # TYPE a_bytes gauge
            a_bytes 1.5
            # HELP b_total Two\nlines \\ here.
            # TYPE b_total counter
            b_total{kind="a"} 1
            b_total{kind="x\"y"} 3
            # HELP c_seconds Times.
            # TYPE c_seconds histogram
            c_seconds_bucket{route="/",le="0.1"} 1
            c_seconds_bucket{route="/",le="1"} 2
            c_seconds_bucket{route="/",le="+Inf"} 3
            c_seconds_sum{route="/"} 2.6
            c_seconds_count{route="/"} 3

            """, registry.ToText());
    }

    [Fact]
    public void The_same_name_and_labels_are_the_same_counter()
    {
        var registry = new MetricRegistry();
        Assert.Same(registry.Counter("x_total", "X."), registry.Counter("x_total", "X."));
        Assert.Throws<ArgumentException>(() => registry.Gauge("x_total", "X.", () => 0));
    }

    [Fact]
    public async Task Counting_from_many_threads_loses_nothing()
    {
        var registry = new MetricRegistry();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                registry.Counter("x_total", "X.", ("i", "1")).Increment();
            }
        })));
        Assert.Equal(80_000, registry.Counter("x_total", "X.", ("i", "1")).Value);
    }
}
