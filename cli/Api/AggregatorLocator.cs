using System.Text.Json;

namespace HostAgent.Cli.Api;

/// <summary>Finds the aggregator: the command line, then HOSTCTL_AGGREGATOR, then the endpoints.json of an aggregator on this machine,
/// then the default port.</summary>
internal sealed class AggregatorLocator(Func<string, string?> environment)
{
    /// <summary>Where an aggregator listens unless it is told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:7480";

    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "HOSTCTL_AGGREGATOR";

    /// <summary>Where it is and who said so.</summary>
    /// <exception cref="CliException">What was named is no http or https URL, or no endpoints.json.</exception>
    public AggregatorLocation Locate(string? given, string? endpoints = null)
    {
        if (given is not null && endpoints is not null)
        {
            throw new CliException(ExitCodes.Usage, "--aggregator and --endpoints both name an aggregator: give one of them");
        }

        if (endpoints is not null)
        {
            return TryRead(endpoints, "--endpoints")
                ?? throw new CliException(ExitCodes.Unreachable, $"--endpoints: {endpoints} is not there, or no endpoints.json of a running aggregator");
        }

        if (given is not null)
        {
            return new(Parse(given, "--aggregator"), "--aggregator");
        }

        if (environment(Variable) is { Length: > 0 } variable)
        {
            return new(Parse(variable, Variable), Variable);
        }

        foreach (string directory in DataDirectories())
        {
            string file = Path.Combine(directory, "endpoints.json");
            if (TryRead(file, file) is { } location)
            {
                return location;
            }
        }

        return new(new Uri(DefaultUrl), "the default");
    }

    /// <summary>Where aggregators on this machine keep endpoints.json, most likely first.</summary>
    internal IEnumerable<string> DataDirectories()
    {
        string? home = environment("HOME");
        string? state = environment("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg : home is { Length: > 0 } ? Path.Combine(home, ".local", "state") : null;
        if (state is not null)
        {
            yield return Path.Combine(state, "hostaggregator");
        }

        yield return "/var/lib/hostaggregator";

        // ./build.sh run
        string? run = environment("HOSTAGENT_RUN_DIR") is { Length: > 0 } named ? named : state is not null ? Path.Combine(state, "hostagent-run") : null;
        if (run is not null)
        {
            yield return Path.Combine(run, "aggregator");
        }
    }

    private static Uri Parse(string text, string source)
    {
        string url = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? uri
            : throw new CliException(ExitCodes.Usage, $"{source}: \"{text}\" is no URL; write for example {DefaultUrl}");
    }

    // Not there, not readable for this user or half a file: then it is not the one to talk to.
    private static AggregatorLocation? TryRead(string file, string namedBy)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            string? ca = document.RootElement.TryGetProperty("caFile", out JsonElement authority) ? authority.GetString() : null;
            return document.RootElement.TryGetProperty("http", out JsonElement http) && Uri.TryCreate(http.GetString(), UriKind.Absolute, out Uri? url)
                ? new AggregatorLocation(url, namedBy, Path.GetDirectoryName(Path.GetFullPath(file)), ca)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
