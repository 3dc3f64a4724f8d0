using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl approve</c>: adds an operator's signature to a command that waits for it.</summary>
internal static class ApproveCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string>("ID") { Description = "The command that waits" };
        var signing = new SigningOptions();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not follow it" };
        var command = new ManualCommand("approve", "Sign a command that waits for approval, after looking at exactly what it is.")
        {
            Notes = "The order is fetched, shown and signed on this machine; your key never leaves it. Agents check the signature against the keys they have.",
            ExitCodes = RunCommand.ExitCodesText,
            Examples = """
                hostctl approve 00112233445566778899aabbccddeeff
                hostctl approve 00112233445566778899aabbccddeeff --operator bob --key ~/bob.key
                """,
        };
        foreach (Symbol symbol in new Symbol[] { id, signing.Operator, signing.Key, yes, noWait, connection.Json })
        {
            if (symbol is Option option)
            {
                command.Add(option);
            }
            else
            {
                command.Add((Argument)symbol);
            }
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            string path = "v1/commands/" + Uri.EscapeDataString(parsed.GetRequiredValue(id));
            OrderView order = await client.GetAsync(path + "/order", ClientJson.Default.OrderView, cancellationToken);
            CommandText.WriteOrder(terminal, order);
            if (!parsed.GetValue(yes))
            {
                CommandText.Confirm(terminal, "Sign this?");
            }

            CommandView approved = await client.PostAsync(
                path + "/approve", signing.Signer(parsed, terminal).Sign(order), ClientJson.Default.SignatureAsk, ClientJson.Default.CommandView, cancellationToken);
            return await RunCommand.AfterAsync(client, terminal, time, approved, parsed.GetValue(noWait), parsed.GetValue(connection.Json), cancellationToken);
        });
        return command;
    }
}
