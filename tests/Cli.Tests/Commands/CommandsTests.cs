using System.Text.Json;
using HostAgent.Aggregator.Tests.Api;
using HostAgent.TestSupport;

namespace HostAgent.Cli.Tests.Commands;

[Collection(AggregatorCollection.Name)]
public sealed class CommandsTests(RunningAggregator aggregator)
{
    [Fact]
    public async Task Top_once_is_the_recorded_view()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "top", "--once");
        Assert.Equal(0, run.ExitCode);
        GoldenFile.Check("top.txt", run.Output.Replace(aggregator.Url.ToString(), "http://URL/"));
    }

    [Fact]
    public async Task Top_as_JSON_has_ratios_and_base_units()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "top", "--json");
        JsonElement web1 = JsonDocument.Parse(run.Output).RootElement.GetProperty("hosts")[0];
        Assert.Equal("web1", web1.GetProperty("name").GetString());
        Assert.Equal(0.25, web1.GetProperty("cpuRatio").GetDouble(), 9); // 1.5 of 2 cores idle or waiting for I/O
        Assert.Equal(0.75, web1.GetProperty("memoryRatio").GetDouble(), 9);
        Assert.Equal(0.95, web1.GetProperty("fullestRatio").GetDouble(), 9);
        Assert.Equal(800, web1.GetProperty("networkReceiveBytesPerSecond").GetDouble(), 9); // 4000 in 5 s, a reset among them; loopback left out
        Assert.Equal(JsonValueKind.Null, web1.GetProperty("diskReadBytesPerSecond").ValueKind);
    }

    [Fact]
    public async Task Hosts_lists_them_with_their_state()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "hosts");
        Assert.Equal(0, run.ExitCode);
        GoldenFile.Check("hosts.txt", run.Output);
    }

    [Fact]
    public async Task Series_lists_type_and_meaning()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "series", "host_load1{host=\"web1\"}");
        Assert.Equal("""
            SERIES                   TYPE   MEANING
            host_load1{host="web1"}  gauge  Load average over one minute.

            """, run.Output);
        HostctlRun cut = await HostctlRun.AsksAsync(aggregator.Url, "series", "{__name__=~\"host.*\"}", "--limit", "2");
        Assert.Equal(3, cut.Output.TrimEnd().Split('\n').Length);
        Assert.StartsWith("There are more than these 2", cut.Error);
    }

    [Fact]
    public async Task Account_adds_up_and_is_negative_when_frames_were_dropped()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "account", "web1");
        Assert.Equal(1, run.ExitCode);
        GoldenFile.Check("account.txt", run.Output);
        Assert.Equal(0, (await HostctlRun.AsksAsync(aggregator.Url, "account", "web2")).ExitCode);
    }

    [Fact]
    public async Task Account_of_an_unknown_host_is_a_negative_answer()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "account", "nobody");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No host has the id or the name \"nobody\"", run.Error);
    }

    [Fact]
    public async Task Health_shows_every_check()
    {
        HostctlRun run = await HostctlRun.AsksAsync(aggregator.Url, "health");
        Assert.Contains("certificate  healthy", run.Output);
        Assert.Contains("aggregator ", run.Output);
        string status = run.Output.Split(' ')[0];
        Assert.Equal(status switch { "healthy" => 0, "warning" => 1, _ => 2 }, run.ExitCode);
    }
}
