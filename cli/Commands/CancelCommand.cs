using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl cancel</c>: ends a command.</summary>
internal static class CancelCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The command" };
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "For the record", DefaultValueFactory = static _ => "" };
        var command = new ManualCommand("cancel", "End a command: what was not sent is not sent, agents that have it are asked to give it up.")
        {
            ExitCodes = "0   it is being ended\n1   no such command\n3   it is over already",
            Examples = "hostctl cancel 00112233445566778899aabbccddeeff --reason 'wrong unit'",
        };
        command.Add(id);
        command.Add(reason);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            CommandView ended = await client.PostAsync(
                $"v1/commands/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/cancel", new CancelAsk(parsed.GetRequiredValue(reason)),
                ClientJson.Default.CancelAsk, ClientJson.Default.CommandView, cancellationToken);
            terminal.Out.WriteLine($"{ended.Id}  {CommandText.Counts(ended)}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
