using HostAgent.Agent.Cli;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Spool;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void The_example_file_tells_every_key_with_its_true_default()
    {
        var settings = SettingsFile.Parse(new StringReader(ExampleFile.Write()), "example");
        var told = Build([.. settings]);
        var standard = new AgentOptions();
        Assert.Equal(standard.Spool, told.Spool);
        Assert.Equal(standard.Stream, told.Stream);
        Assert.Equal((standard.LogLevel, standard.HostName, standard.Sampling.Interval), (told.LogLevel, told.HostName, told.Sampling.Interval));
        foreach (var key in SettingKeys.All)
        {
            Assert.Contains($"{key.Name[(key.Name.IndexOf('.', StringComparison.Ordinal) + 1)..]}: ", ExampleFile.Write(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_example_in_deploy_is_what_the_program_prints()
    {
        var path = Path.Combine(RepositoryRoot.Path, "deploy/hostagent.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, ExampleFile.Write());
        }

        Assert.Equal(ExampleFile.Write(), File.ReadAllText(path));
    }

    [Fact]
    public void A_full_file_is_understood()
    {
        const string file = """
            aggregator: https://centre.example:7443
            name: web-1
            interval: 500ms
            labels:
              site: north
            spool: { max_disk_bytes: 1GiB, spill_after: 10s }
            stream:
              ack_timeout: 1m
            samplers:
              cpu:
                enabled: false
              disk:
                interval: 2.5s
                exclude: "loop*"
            """;
        var options = Build([.. SettingsFile.Parse(new StringReader(file), "file")]);
        Assert.Equal("https://centre.example:7443/", options.Stream.Aggregator.ToString());
        Assert.Equal("web-1", options.HostName);
        Assert.Equal("north", options.Labels["site"]);
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.Sampling.Interval);
        Assert.Equal(new SpoolOptions { MaxDiskBytes = 1L << 30, SpillAfter = TimeSpan.FromSeconds(10) }, options.Spool);
        Assert.Equal(TimeSpan.FromMinutes(1), options.Stream.AckTimeout);
        Assert.False(options.Sampling.Samplers["cpu"].Enabled);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.Sampling.Samplers["disk"].Interval);
        Assert.Equal("loop*", options.Sampling.Samplers["disk"].Values["exclude"]);
    }

    [Theory]
    [InlineData("spool:\n  max_disk_bytes: plenty", "f:2: spool.max_disk_bytes: \"plenty\" is not allowed; it must be 0 or a size from 128KiB to 1TiB")]
    [InlineData("spool:\n  max_dsk_bytes: 1MiB", "f:2: there is no setting \"spool.max_dsk_bytes\"; did you mean \"spool.max_disk_bytes\"?")]
    [InlineData("\n\ninterval: 0s", "f:3: interval: \"0s\" is not allowed; it must be a duration from 100ms to 1h")]
    [InlineData("interval: 1", "it must be a duration")]
    [InlineData("interval: 1s\ninterval: 2s", "f:2: interval is set twice")]
    [InlineData("aggregator: ftp://x", "\"ftp://x\" is not allowed; it must be https://HOST[:PORT]")]
    [InlineData("aggregator: http://x:7443", "it must be https://")]
    [InlineData("log_level: 3", "it must be one of trace")]
    [InlineData("samplers:\n  cpus:\n    enabled: true", "f:3: there is no sampler \"cpus\"; did you mean \"cpu\"?")]
    [InlineData("samplers:\n  cpu:\n    enabled: yes", "\"yes\" is not allowed; it must be true or false")]
    [InlineData("samplers:\n  disk:\n    partition: true", "did you mean \"partitions\"?")]
    [InlineData("samplers:\n  disk:\n    partitions: some", "samplers.disk.partitions: \"some\" is not allowed")]
    [InlineData("samplers:\n  cpu: false", "f:2: samplers.cpu: \"false\" is not allowed; it must be settings such as")]
    [InlineData("labels:\n  host: x", "\"host\" is no label name")]
    [InlineData("labels:\n  9x: x", "\"9x\" is no label name")]
    [InlineData("- a\n- b", "f:1: the file must hold")]
    [InlineData("name: [a, b]", "f:1: name must hold")]
    [InlineData("spool: &x\n  spill_after: 5s\nstream: *x", "f:3: stream must hold")]
    [InlineData("spool: {", ": this is not YAML")]
    [InlineData("just words", "f:1: \"just words\" stands where")]
    [InlineData("a: 1\n---\nb: 2", "a settings file is one document")]
    [InlineData("stream:\n  max_ack_delay: 4s", "stream.max_ack_delay: 4s is not allowed; it must be at most half of spool.spill_after")]
    [InlineData("spool:\n  max_disk_bytes: 1MiB", "spool.max_segment_bytes: 1048576 is not allowed")]
    public void What_is_wrong_is_named_with_its_line_its_value_and_what_is_allowed(string file, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() => Build([.. SettingsFile.Parse(new StringReader(file), "f")]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_the_YAML_scanner_stumbles_over_is_refused_like_any_other()
    {
        // Found by the fuzz target "settings": the scanner throws InvalidOperationException instead of saying that this is no YAML.
        byte[] found = Convert.FromBase64String(
            "aW50ZXJ2YWw6ICIycyIKc3Bvb2w6IHttYXhfZGlzazogNihiskqXkTOlEu9gOzJCTfc0TWlCLCBzcGlsbF9hZnRlcjphbDogIjJz" +
            "IgpzcG9vbDooYrJKl5EzpRLvYDsyQk33NE1pQiwgc3BpbGxfYWZ0ZXI6YWw6ICIycyIKc3Bvb2w6IHttYXhfmi9eCGS+uUPUEF/X" +
            "JB8xdGRpc2s6IDY0TWlCLCBzcGlsbF9hZuQVrnRlcjogJzEwcyd9CiAnMTBzJ30K");
        var refused = Assert.Throws<ConfigurationException>(() => SettingsFile.Parse(new StringReader(System.Text.Encoding.UTF8.GetString(found)), "f"));
        Assert.StartsWith("f: this is not YAML", refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("spool:\nlabels:\n")]
    public void An_empty_file_sets_nothing(string file) => Assert.Empty(SettingsFile.Parse(new StringReader(file), "f"));

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<ConfigurationException>(() => Build(new Setting("interval", "x", "f:1"), new Setting("nmae", "y", "f:2")));
        Assert.Equal(2, error.Message.Split('\n').Length);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var directory = Directory.CreateTempSubdirectory("hostagent-settings-");
        var file = Path.Combine(directory.FullName, "settings.yaml");
        File.WriteAllText(file, "name: file\nlog_level: debug\nspool:\n  spill_after: 30s\n");
        var environment = new Dictionary<string, string?> { ["HOSTAGENT_NAME"] = "environment", ["HOSTAGENT_SPOOL_SPILL_AFTER"] = "20s" };
        var options = AgentCommands.OptionsOf(
            CommandLine.Parse(["run", "--config", file, "--name=line"]), name => environment.GetValueOrDefault(name));
        Assert.Equal(("line", LogLevel.Debug, TimeSpan.FromSeconds(20)), (options.HostName, options.LogLevel, options.Spool.SpillAfter));
        directory.Delete(recursive: true);
    }

    [Fact]
    public void An_aggregator_on_this_machine_is_found_by_its_endpoints_file()
    {
        var directory = Directory.CreateTempSubdirectory("hostagent-endpoints-");
        var file = Path.Combine(directory.FullName, "endpoints.json");
        File.WriteAllText(file, """{"http":"http://127.0.0.1:7480","grpc":"https://127.0.0.1:7443","caFile":"/data/ca.crt"}""");
        var options = AgentCommands.OptionsOf(CommandLine.Parse(["run", "--endpoints", file]), _ => null);
        Assert.Equal(("https://127.0.0.1:7443/", "/data/ca.crt"), (options.Stream.Aggregator.ToString(), options.Stream.CaFile));
        File.WriteAllText(file, "{}");
        Assert.Throws<ConfigurationException>(() => AgentCommands.OptionsOf(CommandLine.Parse(["run", "--endpoints", file]), _ => null));
        directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    [InlineData("2min", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0", 0)]
    [InlineData("5", null)]
    [InlineData("-5s", null)]
    [InlineData("s", null)]
    [InlineData("1e3s", null)]
    [InlineData("5 parsecs", null)]
    [InlineData("99999999999d", null)]
    public void Durations_are_numbers_with_units(string text, int? milliseconds) =>
        Assert.Equal(milliseconds, SettingText.Duration(text)?.TotalMilliseconds);

    [Theory]
    [InlineData("1048576", 1L << 20)]
    [InlineData("64KiB", 64L << 10)]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("1MB", null)]
    [InlineData("MiB", null)]
    [InlineData("-1", null)]
    [InlineData("99999999999TiB", null)]
    public void Sizes_are_whole_numbers_with_units(string text, long? bytes) => Assert.Equal(bytes, SettingText.Size(text));

    private static AgentOptions Build(params Setting[] settings)
    {
        var builder = new OptionsBuilder();
        builder.Add(settings);
        return builder.Build();
    }
}
