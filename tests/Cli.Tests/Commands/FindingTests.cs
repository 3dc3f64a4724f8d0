using HostAgent.Aggregator.Tests.Api;
using HostAgent.TestSupport;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>How hostctl finds the aggregator, and what it says when there is none.</summary>
[Collection(AggregatorCollection.Name)]
public sealed class FindingTests(RunningAggregator aggregator) : IDisposable
{
    // Discarded ports of our own would be a race; port 1 on loopback has no listener.
    private const string Nobody = "http://127.0.0.1:1";

    private readonly TempDirectory _directory = new("finding");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_aggregator_that_cannot_be_reached_is_named_with_who_named_it_and_what_to_do()
    {
        HostctlRun run = await HostctlRun.AsksAsync(new Uri(Nobody), "hosts");
        Assert.Equal(69, run.ExitCode);
        Assert.Equal("hostctl: cannot reach the aggregator at http://127.0.0.1:1/ (named by HOSTCTL_AGGREGATOR): Connection refused\n"
            + "Start it with \"hostaggregator serve\", or name another with --aggregator URL or HOSTCTL_AGGREGATOR.\n", run.Error);
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment()
    {
        HostctlRun run = await HostctlRun.AsksAsync(new Uri(Nobody), "hosts", "--aggregator", aggregator.Url.ToString());
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(0, (await HostctlRun.AsksAsync(new Uri(Nobody), "-a", aggregator.Url.Authority, "hosts")).ExitCode); // http:// may be left out
    }

    [Fact]
    public async Task An_aggregator_on_this_machine_is_found_by_its_endpoints_file()
    {
        File.WriteAllText(Path.Combine(_directory.Folder("hostaggregator"), "endpoints.json"), $$"""{"http":"{{aggregator.Url}}","pid":1}""");
        HostctlRun run = await HostctlRun.RunAsync(new Dictionary<string, string> { ["XDG_STATE_HOME"] = _directory.FullPath }, "hosts");
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"http\":5}")]
    [InlineData("{\"http\":\"no url\"}")]
    public async Task A_file_that_says_nothing_useful_is_passed_over(string content)
    {
        File.WriteAllText(Path.Combine(_directory.Folder("hostaggregator"), "endpoints.json"), content);
        File.WriteAllText(Path.Combine(_directory.Folder("run", "aggregator"), "endpoints.json"), $$"""{"http":"{{aggregator.Url}}"}""");
        HostctlRun run = await HostctlRun.RunAsync(
            new Dictionary<string, string> { ["XDG_STATE_HOME"] = _directory.FullPath, ["HOSTAGENT_RUN_DIR"] = _directory.File("run") }, "hosts");
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("http://")]
    [InlineData("a b")]
    public async Task What_is_no_URL_is_a_usage_error(string url)
    {
        HostctlRun run = await HostctlRun.RunAsync(new Dictionary<string, string>(), "hosts", "--aggregator", url);
        Assert.Equal(64, run.ExitCode);
        Assert.StartsWith($"hostctl: --aggregator: \"{url}\" is no URL", run.Error);
    }
}
