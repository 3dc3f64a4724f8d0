namespace HostAgent.Cli.Api;

/// <summary>Finds the token to show: <c>--token-file</c>, HOSTCTL_TOKEN, HOSTCTL_TOKEN_FILE, the login kept for this aggregator, then the admin.token beside
/// the endpoints.json that the aggregator was found by. Never the command line itself: other users of the machine see it.</summary>
internal sealed class CredentialFinder(Func<string, string?> environment, LoginStore logins)
{
    /// <summary>The variable that holds a token.</summary>
    public const string Variable = "HOSTCTL_TOKEN";

    /// <summary>The variable that names a file with a token.</summary>
    public const string FileVariable = "HOSTCTL_TOKEN_FILE";

    /// <summary>The token; null when there is none, which an aggregator on this machine may not mind.</summary>
    /// <exception cref="CliException">A named file cannot be read.</exception>
    public Credential? Find(AggregatorLocation location, string? tokenFile)
    {
        if (tokenFile is not null)
        {
            return Read(tokenFile, "--token-file");
        }

        if (environment(Variable) is { Length: > 0 } token)
        {
            return new Credential(token.Trim(), Variable);
        }

        if (environment(FileVariable) is { Length: > 0 } file)
        {
            return Read(file, FileVariable);
        }

        if (logins.Find(location.Url) is { } login)
        {
            return new Credential(login.Token, "hostctl login");
        }

        return location.DataDirectory is { } directory ? TryRead(Path.Combine(directory, "admin.token")) : null;
    }

    private static Credential Read(string file, string source)
    {
        try
        {
            string text = File.ReadAllText(file).Trim();
            return text.Length > 0 ? new Credential(text, $"{source} {file}") : throw new CliException(ExitCodes.Usage, $"{source}: {file} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"{source}: {e.Message}");
        }
    }

    // Another user's aggregator: then without.
    private static Credential? TryRead(string file)
    {
        try
        {
            return new Credential(File.ReadAllText(file).Trim(), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
