namespace HostAgent.EndToEnd.Tests.Exposition;

public sealed class ExpositionParserTests
{
    [Fact]
    public void A_correct_exposition_is_understood()
    {
        IReadOnlyDictionary<string, ExpositionFamily> families = ExpositionParser.Parse("""
            # HELP a_total Things.
            # TYPE a_total counter
            a_total{x="1",y="\"\\\n"} 3
            a_total{x="2"} 4e3
            # HELP h_seconds Durations.
            # TYPE h_seconds histogram
            h_seconds_bucket{le="0.1"} 1
            h_seconds_bucket{le="+Inf"} 2
            h_seconds_sum 0.3
            h_seconds_count 2

            """);
        Assert.Equal(["a_total", "h_seconds"], families.Keys.Order());
        Assert.Equal(4000, families["a_total"].Samples["a_total{x=\"2\"}"]);
        Assert.Equal(4, families["h_seconds"].Samples.Count);
    }

    [Theory]
    [InlineData("# HELP a_total T.\n# TYPE a_total counter\na_total 1", "line feed")]
    [InlineData("# HELP a T.\n# TYPE a counter\na 1\n", "_total")]
    [InlineData("# TYPE a gauge\na 1\n", "HELP")]
    [InlineData("# HELP a T.\na 1\n", "TYPE")]
    [InlineData("a 1\n", "TYPE")]
    [InlineData("# HELP a T.\n# TYPE a gauge\na 1\na 2\n", "twice")]
    [InlineData("# HELP a T.\n# TYPE a gauge\na 1\n# HELP b T.\n# TYPE b gauge\nb 1\na{x=\"1\"} 1\n", "two places")]
    [InlineData("# HELP a T.\n# TYPE a gauge\n# TYPE a gauge\na 1\n", "not allowed")]
    [InlineData("# HELP a T.\n# TYPE a speed\na 1\n", "not allowed")]
    [InlineData("# HELP a T.\n# TYPE a gauge\na one\n", "no sample")]
    [InlineData("# HELP a T.\n# TYPE a gauge\na{x=1} 1\n", "no sample")]
    public void A_broken_rule_is_named(string text, string message)
        => Assert.Contains(message, Assert.Throws<FormatException>(() => ExpositionParser.Parse(text)).Message, StringComparison.Ordinal);
}
