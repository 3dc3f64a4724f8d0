using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>Every sampler over the files of a host of today and of one with a kernel from 2011: everything it says stands in Golden/.</summary>
public sealed class GoldenTests
{
    // What these say is this machine's and this moment's: they have tests of their own.
    private static readonly string[] Live = ["filesystem", "self", "tcpstates", "ports", "tls"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (SamplerDefinition definition in SamplerCatalog.All.Where(one => !Live.Contains(one.Name)))
            {
                cases.Add(definition.Name, "modern");
                cases.Add(definition.Name, "old");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_sampler_says_of_a_fixture_host_what_it_always_said(string name, string host)
    {
        using var harness = new SamplerHarness(name, SamplerHarness.Fixture(host));
        SampleOutcome first = harness.Sample();
        string text = harness.Text;
        harness.Time.Advance(TimeSpan.FromMinutes(10));
        SampleOutcome second = harness.Sample();

        Assert.Equal(first.Kind, second.Kind);
        Assert.Equal(text, harness.Text);
        Golden.Check($"{name}-{host}.txt", $"{first.Kind}\n{text}");
    }

    [Fact]
    public void What_a_kernel_does_not_have_is_nothing_to_say_and_no_error()
    {
        string[] failed = [.. SamplerCatalog.All.Where(one => one.Name is not "tcpstates" and not "ports" and not "process").Where(one =>
        {
            using var harness = new SamplerHarness(one.Name, new() { Proc = "/nonexistent", Sys = "/nonexistent" });
            return harness.Sample().Kind != SampleOutcomeKind.NothingToSay;
        }).Select(one => one.Name)];
        Assert.Empty(failed);
    }
}
