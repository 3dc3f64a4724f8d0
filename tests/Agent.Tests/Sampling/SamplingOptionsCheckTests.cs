using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Tests.Sampling;

public sealed class SamplingOptionsCheckTests
{
    [Fact]
    public void The_defaults_are_good() => Assert.Empty(SamplingOptionsCheck.Problems(new()));

    [Theory]
    [InlineData("cpu", null, "max_cores", "8", null)]
    [InlineData("cpu", null, "max_cores", "-1", "samplers.cpu.max_cores: \"-1\" is not allowed; it must be a whole number from 0 to 2147483647")]
    [InlineData("disk", null, "partitions", "yes", "samplers.disk.partitions: \"yes\" is not allowed; it must be true or false")]
    [InlineData("disk", null, "partition", "true", "samplers.disk.partition: there is no such option; there are enabled, interval, timeout, exclude, partitions")]
    [InlineData("cpus", null, null, null, "samplers.cpus: there is no such sampler; there are cpu, disk,")]
    [InlineData("cpu", 50, null, null, "samplers.cpu.interval: 0.05 s is not allowed; it must be from 0.1 s to 3600 s in whole milliseconds")]
    [InlineData("cpu", 1500, null, null, "samplers.cpu.interval: 1.5 s is not allowed; it must be a multiple of the shortest interval, 1 s")]
    [InlineData("cpu", 5000, null, null, null)]
    public void A_bad_value_is_named_with_what_is_allowed(string sampler, int? intervalMs, string? option, string? value, string? problem)
    {
        var settings = new SamplerSettings
        {
            Interval = intervalMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Values = option is null ? new Dictionary<string, string>() : new() { [option] = value! },
        };
        var options = new SamplingOptions { Samplers = new Dictionary<string, SamplerSettings> { [sampler] = settings } };
        IReadOnlyList<string> problems = SamplingOptionsCheck.Problems(options);
        if (problem is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_general_interval_of_3_s_rounds_the_dear_samplers_up_to_its_multiples()
    {
        var options = new SamplingOptions { Interval = TimeSpan.FromSeconds(3) };
        Assert.Empty(SamplingOptionsCheck.Problems(options));
        SamplerDefinition process = SamplerCatalog.All.Single(one => one.Name == "process");
        Assert.Equal(TimeSpan.FromSeconds(12), SamplerSlots.IntervalOf(process, options));
    }
}
