using System.CommandLine;
using System.Globalization;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl whoami</c>: whom the aggregator takes one for.</summary>
internal static class WhoamiCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("whoami", "Say whom the aggregator takes you for, and what you may do.") { Examples = "hostctl whoami" };
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync("v1/me", cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
                return ExitCodes.Ok;
            }

            Me me = client.Understand(body, ClientJson.Default.Me);
            terminal.Out.WriteLine($"{me.Name} ({Describe(me)}) at {client.Url}");
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Role, scopes and end of the token, for people.</summary>
    public static string Describe(Me me)
        => me.Role
            + (me.Scopes.Count > 0 ? " of " + string.Join(" or ", me.Scopes) : "")
            + (me.Expires is { } expires ? string.Create(CultureInfo.InvariantCulture, $", until {expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "");
}
