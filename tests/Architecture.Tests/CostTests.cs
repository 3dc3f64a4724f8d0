namespace HostAgent.Architecture.Tests;

/// <summary>What one more sampler or backend costs is what the README says.</summary>
public sealed class CostTests
{
    [Fact]
    public void A_sampler_is_one_file() => Assert.Empty(CostOfOneMore.SecondMentionsOfSamplers(SourceTree.Product));

    [Fact]
    public void A_backend_is_one_folder_and_a_line_of_the_composition_root() => Assert.Empty(CostOfOneMore.SecondMentionsOfBackends(SourceTree.Product));

    [Theory]
    [InlineData("agent/Sampling/SamplerList.cs", "Sampler[] all = [new LoadSampler(setup)];")]
    [InlineData("agent/Configuration/Defaults.cs", "yield return (\"load\", true);")]
    [InlineData("agent/Configuration/Defaults.cs", "Set(\"samplers.load.enabled\", true);")]
    [InlineData("aggregator/Ingest/KnownMetrics.cs", "[\"host_load1\", \"host_load5\"]")]
    [InlineData("agent/Sampling/Samplers/CpuSampler2.cs", "Name = \"cputwo\", x = new(\"host_load1\", MetricType.Gauge)")]
    public void A_second_mention_of_a_sampler_is_found(string path, string code)
        => Assert.Contains(
            CostOfOneMore.SecondMentionsOfSamplers([.. SourceTree.Product, new SourceFile(path, code)]),
            breach => breach == $"{path} mentions the sampler of agent/Sampling/Samplers/LoadSampler.cs");

    [Theory]
    [InlineData("aggregator/Ingest/Cleanup.cs", "new SqliteRetention(connection, gate)")]
    [InlineData("aggregator/Hosting/Open.cs", "return new SqliteBackend(path);")]
    [InlineData("aggregator/Program.cs", "new SqliteReader(path)")]
    public void A_second_mention_of_a_backend_is_found(string path, string code)
        => Assert.Contains(
            CostOfOneMore.SecondMentionsOfBackends([.. SourceTree.Product, new SourceFile(path, code)]), breach => breach.StartsWith(path, StringComparison.Ordinal));

    [Fact]
    public void Every_sampler_has_its_recorded_output_or_is_a_live_one()
    {
        string golden = Path.Combine(SourceTree.Root, "tests/Agent.Tests/Sampling/Golden");
        string live = SourceTree.ReadText("tests/Agent.Tests/Sampling/Samplers/GoldenTests.cs").Split('\n').Single(line => line.Contains(" Live = ", StringComparison.Ordinal));
        string[] names = [.. SourceTree.Product.Where(file => file.Path.StartsWith(CostOfOneMore.Samplers, StringComparison.Ordinal)).Select(file => CostOfOneMore.NameOf(file)!)];
        Assert.True(names.Length >= 16, $"only {names.Length} samplers are found");
        Assert.All(names, name => Assert.True(File.Exists(Path.Combine(golden, $"{name}-modern.txt")) || live.Contains($"\"{name}\"", StringComparison.Ordinal), name));
    }
}
