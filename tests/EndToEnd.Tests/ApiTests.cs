using System.Net;
using System.Text.Json;
using HostAgent.EndToEnd.Tests.Chains;
using HostAgent.EndToEnd.Tests.Exposition;

namespace HostAgent.EndToEnd.Tests;

/// <summary>What people and machines read from a running aggregator with one agent.</summary>
public sealed class ApiTests : ChainTest
{
    [Fact]
    public async Task Top_shows_the_host_with_its_figures_once_and_ends()
    {
        Chain chain = await StartChainAsync();
        ChainAgent agent = chain.Agent();
        agent.Start();
        await chain.StoredAsync($"host_memory_available_bytes{{instance=\"{agent.HostId}\"}}", "samples flow");

        (int code, string output) = await chain.CtlAsync("top", "--once");

        Assert.True(code == 0, output);
        Assert.Contains(Environment.MachineName, output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("%", output, StringComparison.Ordinal);

        (code, output) = await chain.CtlAsync("hosts", "--json");
        Assert.True(code == 0, output);
        Assert.Contains(agent.HostId, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_says_ok_and_metrics_are_a_correct_exposition()
    {
        Chain chain = await StartChainAsync();
        ChainAgent agent = chain.Agent();
        agent.Start();
        await chain.StoredAsync($"host_load1{{instance=\"{agent.HostId}\"}}", "samples flow");

        (HttpStatusCode status, string health) = await chain.Api.TryGetAsync("/health");
        Assert.True(status == HttpStatusCode.OK, health);
        using var json = JsonDocument.Parse(health);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);

        (status, string metrics) = await chain.Api.TryGetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        IReadOnlyDictionary<string, ExpositionFamily> families = ExpositionParser.Parse(metrics);
        Assert.All(families.Keys, name => Assert.Matches("^(hostaggregator|process|dotnet)_", name));
        Assert.Contains(families.Values, f => f.Name.Contains("samples", StringComparison.Ordinal) && f.Samples.Values.Sum() > 0);
    }
}
