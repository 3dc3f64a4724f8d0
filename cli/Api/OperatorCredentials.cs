namespace HostAgent.Cli.Api;

/// <summary>Finds the token that is shown to the aggregator: HOSTCTL_TOKEN, else the admin's token of an aggregator on this machine, when it may be read.</summary>
internal static class OperatorCredentials
{
    /// <summary>The environment variable that holds it.</summary>
    public const string Variable = "HOSTCTL_TOKEN";

    /// <summary>The token; null = none is shown.</summary>
    /// <param name="environment">Environment variables.</param>
    /// <param name="namedBy">Who said where the aggregator is: its endpoints.json stands beside its admin.token.</param>
    public static string? Find(Func<string, string?> environment, string namedBy)
    {
        if (environment(Variable) is { Length: > 0 } token)
        {
            return token.Trim();
        }

        try
        {
            return Path.GetFileName(namedBy) == "endpoints.json" && Path.GetDirectoryName(namedBy) is { } directory
                ? File.ReadAllText(Path.Combine(directory, "admin.token")).Trim()
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // somebody else's aggregator: reading may be open to anybody
        }
    }
}
