using System.CommandLine;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl logout</c>: forget a kept token.</summary>
internal static class LogoutCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("logout", "Forget the token that hostctl login keeps for an aggregator.")
        {
            Notes = "The token itself stays valid: hostctl token revoke ends it.",
            ExitCodes = "0   forgotten\n1   there was none",
            Examples = "hostctl logout -a https://centre:7480",
        };
        command.SetAction(parsed =>
        {
            Uri url = connection.Locate(parsed).Url;
            bool removed = connection.Logins.Remove(url);
            terminal.Out.WriteLine(removed ? $"The login of {url} is forgotten." : $"There was no login of {url}.");
            return removed ? ExitCodes.Ok : ExitCodes.Negative;
        });
        return command;
    }
}
