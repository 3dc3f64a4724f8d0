using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Logging;
using Microsoft.Extensions.Logging;

namespace HostAgent.Aggregator.Tests.Hosting;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Without_settings_it_listens_on_loopback()
    {
        AggregatorOptions options = Read([], []);
        Assert.Equal("127.0.0.1:7480", options.Http.ToString());
        Assert.Equal("127.0.0.1:7443", options.Grpc.ToString());
        Assert.Equal(LogFormat.Auto, options.LogFormat);
        Assert.Equal(LogLevel.Information, options.LogLevel);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment()
    {
        Dictionary<string, string> environment = new()
        {
            ["HOSTAGGREGATOR_DATA"] = "/srv/a",
            ["HOSTAGGREGATOR_HTTP"] = "[::1]:1",
            ["HOSTAGGREGATOR_LOG_FORMAT"] = "JSON",
            ["HOSTAGGREGATOR_LOG_LEVEL"] = "debug",
        };
        AggregatorOptions options = Read(new() { ["--data"] = "/srv/b" }, environment);
        Assert.Equal("/srv/b", options.DataDirectory);
        Assert.Equal("[::1]:1", options.Http.ToString());
        Assert.Equal(LogFormat.Json, options.LogFormat);
        Assert.Equal(LogLevel.Debug, options.LogLevel);
    }

    [Fact]
    public void A_unit_with_StateDirectory_has_its_data_there()
        => Assert.Equal("/var/lib/x", Read([], new() { ["STATE_DIRECTORY"] = "/var/lib/x:/var/lib/y" }).DataDirectory);

    [Theory]
    [InlineData("--http", "localhost", "give ADDRESS:PORT")]
    [InlineData("--http", "example.org:80", "give ADDRESS:PORT")]
    [InlineData("--http", "127.0.0.1:99999", "give ADDRESS:PORT")]
    [InlineData("--http", "127.1:80", "give ADDRESS:PORT")]
    [InlineData("--http", "::1:80", "give ADDRESS:PORT")]
    [InlineData("--http", "0.0.0.0:80", "other machines could reach it")]
    [InlineData("--certificate-lifetime", "1s", "give a time from 3s to 365d")]
    [InlineData("--certificate-lifetime", "NaNd", "give a time from 3s to 365d")]
    [InlineData("--names", "a b", "give host names")]
    [InlineData("--passphrase-file", "/no/such/file", "it cannot be read")]
    [InlineData("--grpc", "127.0.0.1:7480", "it is the address of --http as well")]
    [InlineData("--log-format", "xml", "give one of auto, text, journald, json")]
    [InlineData("--log-level", "3", "give one of trace, debug")]
    [InlineData("--data", "", "give a directory")]
    public void A_bad_value_names_its_key_the_value_and_what_is_allowed(string key, string value, string allowed)
    {
        StartException error = Assert.Throws<StartException>(() => Read(new() { [key] = value }, []));
        Assert.Equal(ExitCodes.Configuration, error.ExitCode);
        Assert.StartsWith($"{key}: \"{value}\" is not allowed; ", error.Message);
        Assert.Contains(allowed, error.Message);
    }

    [Fact]
    public void A_bad_variable_is_named_by_its_own_name()
        => Assert.StartsWith("HOSTAGGREGATOR_ALLOW_REMOTE: \"maybe\"",
            Assert.Throws<StartException>(() => Read([], new() { ["HOSTAGGREGATOR_ALLOW_REMOTE"] = "maybe" })).Message);

    [Fact]
    public void Other_machines_are_let_in_only_when_the_operator_says_so()
        => Assert.Equal("0.0.0.0:80", Read(new() { ["--http"] = "0.0.0.0:80", ["--allow-remote"] = "true" }, []).Http.ToString());

    [Fact]
    public void Agents_may_come_from_everywhere_since_each_shows_a_certificate()
        => Assert.Equal("0.0.0.0:7443", Read(new() { ["--grpc"] = "0.0.0.0:7443", ["--names"] = "a.example, 192.0.2.1" }, []).Grpc.ToString());

    private static AggregatorOptions Read(Dictionary<string, string> options, Dictionary<string, string> environment)
        => new SettingsReader(environment.GetValueOrDefault).Read(options.GetValueOrDefault);
}
