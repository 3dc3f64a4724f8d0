using System.CommandLine;
using HostAgent.Cli.Api;

namespace HostAgent.Cli.Commands;

/// <summary>The options that every command which asks the aggregator understands.</summary>
internal sealed class ConnectionOptions(AggregatorLocator locator, Func<string, string?> environment)
{
    /// <summary>Where the aggregator is.</summary>
    public Option<string?> Aggregator { get; } = new("--aggregator", "-a")
    {
        HelpName = "URL",
        Description = "The aggregator's HTTP address. Default: $HOSTCTL_AGGREGATOR, else the one running on this machine",
        Recursive = true,
    };

    /// <summary>Write the answer as JSON, for programs.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Write JSON, for programs" };

    /// <summary>A client of the aggregator that the command line, the environment or this machine names.</summary>
    /// <exception cref="CliException">The URL is none.</exception>
    public AggregatorClient Client(ParseResult parsed) => At(locator.Locate(parsed.GetValue(Aggregator)));

    /// <summary>A client of the aggregator that the environment or this machine names, for completion.</summary>
    public AggregatorClient DefaultClient() => At(locator.Locate(null));

    private AggregatorClient At((Uri Url, string NamedBy) location) => new(location, OperatorCredentials.Find(environment, location.NamedBy));
}
