using HostAgent.Cli.Output;
using HostAgent.Cli.Top;

namespace HostAgent.Cli.Tests.Top;

public sealed class TopScreenTests
{
    [Fact]
    public void Many_hosts_are_a_table_with_a_row_each()
    {
        HostVitals[] hosts = [.. Enumerable.Range(1, 5).Select(i => new HostVitals { Id = $"{i}", Name = $"web{i}\e[2J", Liveness = "up", SeriesCount = 1, Load1 = i })];
        List<string> lines = TopScreen.Lines(new Overview("http://x/", default, hosts), Plain("C"));
        Assert.Contains("5 hosts: 5 up", lines[0]);
        Assert.StartsWith("HOST", lines[2]);
        Assert.Equal(5, lines.Count(line => line.StartsWith("web", StringComparison.Ordinal) && line.Contains(".00", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.Contains('\e', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C.UTF-8", "██████████░░░░░░░░░░")]
    [InlineData("C", "##########..........")]
    public void Bars_use_the_characters_that_the_locale_has(string locale, string bar)
    {
        HostVitals host = new() { Id = "1", Name = "web1", Liveness = "up", SeriesCount = 1, CpuRatio = 0.5, CpuCores = 4 };
        Assert.Contains(TopScreen.Lines(new Overview("http://x/", default, [host]), Plain(locale)), line => line == $"  CPU       {bar}  50.0 %  of 4 cores");
    }

    [Theory]
    [InlineData("up", 1.0, "web1  up  last sample 1.0 s ago, 7 series")]
    [InlineData("stale", 15.0, "web1  stale  last sample 15 s ago; what stands here is from then")]
    [InlineData("down", 90.0, "web1  down  last sample 90 s ago; what it is like now is not known")]
    [InlineData("down", null, "web1  down  no sample yet")]
    public void A_card_says_of_when_its_values_are(string liveness, double? age, string heading)
    {
        HostVitals host = new() { Id = "1", Name = "web1", Liveness = liveness, SeriesCount = 7, SampleAgeSeconds = age };
        Assert.Contains(heading, TopScreen.Lines(new Overview("http://x/", default, [host]), Plain("C")));
    }

    [Fact]
    public void No_hosts_say_how_to_get_one()
        => Assert.Contains(TopScreen.Lines(new Overview("http://x/", default, []), Plain("C")), line => line.Contains("hostagent run", StringComparison.Ordinal));

    private static Terminal Plain(string locale) => new()
    {
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        Environment = name => name == "LANG" ? locale : null,
        OutputRedirected = true,
        Size = () => (80, 24),
    };
}
