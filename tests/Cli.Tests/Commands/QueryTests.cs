using System.Text.Json;
using HostAgent.Aggregator.Tests.Api;

namespace HostAgent.Cli.Tests.Commands;

[Collection(AggregatorCollection.Name)]
public sealed class QueryTests(RunningAggregator aggregator)
{
    [Fact]
    public async Task The_newest_values_come_with_their_age_and_say_when_their_host_has_vanished()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "query", "host_load1");
        Assert.Equal("""
            SERIES                   VALUE                AGE
            host_load1{host="web1"}    0.9  1.0 s, host stale
            host_load1{host="web2"}    0.9   1.0 s, host down

            """, run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task A_range_is_a_line_per_point()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "query", "host_load1{host=\"web1\"}", "--range", "10s", "--step", "5s", "--agg", "max");
        Assert.Equal("""
            SERIES                   TIME                      VALUE
            host_load1{host="web1"}  2025-12-31T23:59:50.000Z      0
            host_load1{host="web1"}  2025-12-31T23:59:55.000Z    0.5
            host_load1{host="web1"}  2026-01-01T00:00:00.000Z    0.9

            """, run.Output);
    }

    [Theory]
    [InlineData("query", "host_load1", "--from", "2025-12-31T23:59:58Z", "--to", "-1s")]
    [InlineData("query", "host_load1", "--range", "2s")]
    public async Task A_range_without_a_step_gives_the_samples_themselves(params string[] arguments)
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, [.. arguments, "--json"]);
        JsonElement points = JsonDocument.Parse(run.Output).RootElement.GetProperty("series")[0].GetProperty("points");
        Assert.Equal([0.8, 0.9], points.EnumerateArray().Select(point => point[1].GetDouble()));
    }

    [Fact]
    public async Task JSON_is_what_the_aggregator_said()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "query", "odd_values", "--json");
        Assert.Equal(await aggregator.Http.GetStringAsync(new Uri("/v1/latest?match=odd_values", UriKind.Relative)) + "\n", run.Output);
        Assert.Contains("\"value\"", run.Output);
    }

    [Fact]
    public async Task Values_without_a_number_are_written_as_Prometheus_does()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "query", "odd_values", "--range", "10s");
        Assert.Equal(["NaN", "+Inf", "-Inf", "1E-300"], run.Output.TrimEnd().Split('\n').Skip(1).Select(line => line.Split(' ')[^1]));
    }

    [Fact]
    public async Task Nothing_is_a_negative_answer_that_says_how_to_find_something()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "query", "nothing");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Equal("hostctl: nothing matches nothing; hostctl series '{__name__=~\".+\"}' lists what there is\n", run.Error);
    }

    [Theory]
    [InlineData("hostctl: At character 3: unexpected end of input inside braces.", "query", "m{")]
    [InlineData("hostctl: \"-soon\" is no time; write a time", "query", "m", "--range", "soon")]
    [InlineData("hostctl: --to, --step and --agg describe a range", "query", "m", "--step", "5s")]
    [InlineData("hostctl: --range is the time before now", "query", "m", "--range", "1h", "--to", "now")]
    [InlineData("hostctl: --agg folds the samples of a step", "query", "m", "--range", "1h", "--agg", "max")]
    [InlineData("hostctl: Argument 'median' not recognized", "query", "m", "--range", "1h", "--step", "1s", "--agg", "median")]
    [InlineData("hostctl: Required argument 'SELECTOR' missing", "query")]
    public async Task A_mistake_in_the_command_line_is_named(string error, params string[] arguments)
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, arguments);
        Assert.StartsWith(error, run.Error);
        Assert.Equal(64, run.ExitCode);
        Assert.Equal("", run.Output);
    }
}
