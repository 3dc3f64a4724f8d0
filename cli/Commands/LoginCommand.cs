using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl login</c>: keep a token for an aggregator.</summary>
internal static class LoginCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("login", "Keep a token for an aggregator, after trying it, so that every later command shows it.")
        {
            Notes = """
                The token is typed, read from standard input, or taken from --token-file; never from the command line, which other users see.
                It is kept in $XDG_CONFIG_HOME/hostctl/logins (~/.config without that variable), mode 0600, for this aggregator alone; so is the
                certificate that --ca names.
                """,
            Examples = """
                hostctl login -a https://centre:7480 --ca ca.crt
                vault read -field=token secret/hostagent | hostctl login
                """,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            AggregatorLocation location = connection.Locate(parsed);
            string? ca = connection.Authority(parsed, location);
            string token = (parsed.GetValue(connection.TokenFile) is { } file
                ? await ReadAsync(file, cancellationToken)
                : terminal.ReadSecret($"Token for {location.Url}: ") ?? "").Trim();
            if (token.Length == 0)
            {
                throw new CliException(ExitCodes.Usage, "no token was given");
            }

            using var client = new AggregatorClient(location, new Credential(token, "this login"), ca);
            Me me = await client.GetAsync("v1/me", ClientJson.Default.Me, cancellationToken);
            string kept = connection.Logins.Save(location.Url, new SavedLogin(location.Url.AbsoluteUri, token, ca));
            terminal.Out.WriteLine($"Logged in at {location.Url} as {me.Name} ({WhoamiCommand.Describe(me)}). Kept in {kept}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"--token-file: {e.Message}");
        }
    }
}
