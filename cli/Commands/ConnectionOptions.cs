using System.CommandLine;
using HostAgent.Cli.Api;

namespace HostAgent.Cli.Commands;

/// <summary>The options that every command which asks the aggregator understands.</summary>
internal sealed class ConnectionOptions(Func<string, string?> environment)
{
    /// <summary>The variable that names the authority's certificate.</summary>
    public const string CaVariable = "HOSTCTL_CA";

    private readonly AggregatorLocator _locator = new(environment);

    /// <summary>Where logins are kept.</summary>
    public LoginStore Logins { get; } = new(environment);

    /// <summary>Where the aggregator is.</summary>
    public Option<string?> Aggregator { get; } = new("--aggregator", "-a")
    {
        HelpName = "URL",
        Description = "The aggregator's HTTP address. Default: $HOSTCTL_AGGREGATOR, else the one running on this machine",
        Recursive = true,
    };

    /// <summary>Where the aggregator on this machine is, and its admin's token.</summary>
    public Option<string?> Endpoints { get; } = new("--endpoints")
    {
        HelpName = "FILE",
        Description = "The endpoints.json in the data directory of an aggregator on this machine",
        Recursive = true,
    };

    /// <summary>Where the token is.</summary>
    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        HelpName = "FILE",
        Description = "File with the token to show. Default: $HOSTCTL_TOKEN, $HOSTCTL_TOKEN_FILE, else that of hostctl login",
        Recursive = true,
    };

    /// <summary>Whom to trust.</summary>
    public Option<string?> Ca { get; } = new("--ca")
    {
        HelpName = "FILE",
        Description = "PEM file of the authority that signs the aggregator's certificate. Default: $HOSTCTL_CA, else as at login",
        Recursive = true,
    };

    /// <summary>Write the answer as JSON, for programs.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Write JSON, for programs" };

    /// <summary>Adds the options to the root.</summary>
    public void AddTo(Command root)
    {
        root.Add(Aggregator);
        root.Add(Endpoints);
        root.Add(TokenFile);
        root.Add(Ca);
    }

    /// <summary>Where the aggregator is that the command line, the environment or this machine names.</summary>
    /// <exception cref="CliException">What was named is none.</exception>
    public AggregatorLocation Locate(ParseResult parsed) => _locator.Locate(parsed.GetValue(Aggregator), parsed.GetValue(Endpoints));

    /// <summary>PEM of the authority to trust; null for those of this machine.</summary>
    /// <exception cref="CliException">A named file cannot be read.</exception>
    public string? Authority(ParseResult parsed, AggregatorLocation location)
        => parsed.GetValue(Ca) is { } file ? AggregatorAuthority.Read(file, "--ca") : Authority(location);

    /// <summary>A client of the aggregator that the command line, the environment or this machine names, with the token found for it.</summary>
    /// <exception cref="CliException">The URL is none, or a named file cannot be read.</exception>
    public AggregatorClient Client(ParseResult parsed)
    {
        AggregatorLocation location = Locate(parsed);
        return new(location, Credentials.Find(location, parsed.GetValue(TokenFile)), Authority(parsed, location));
    }

    /// <summary>A client of the aggregator that the environment or this machine names, for completion.</summary>
    public AggregatorClient DefaultClient()
    {
        AggregatorLocation location = _locator.Locate(null);
        return new(location, Credentials.Find(location, null), Authority(location));
    }

    private CredentialFinder Credentials => new(environment, Logins);

    private string? Authority(AggregatorLocation location)
    {
        if (location.Url.Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }

        return environment(CaVariable) is { Length: > 0 } variable ? AggregatorAuthority.Read(variable, CaVariable)
            : Logins.Find(location.Url)?.Ca is { } kept ? kept
            : location.CaFile is { } file ? AggregatorAuthority.Read(file, "endpoints.json")
            : null;
    }
}
