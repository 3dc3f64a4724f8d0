using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl commands</c>: what was asked of hosts, and what became of it.</summary>
internal static class CommandsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string?>("ID") { Description = "One command with its hosts and their output", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "The newest N. Default: 20", DefaultValueFactory = static _ => 20 };
        var follow = new Option<bool>("--follow", "-f") { Description = "Follow the command to its end" };
        var command = new ManualCommand("commands", "List what was asked of hosts, or show one command with the output of each host.")
        {
            ExitCodes = "0   done\n1   no such command\nwith --follow as hostctl run",
            Examples = """
                hostctl commands
                hostctl commands 00112233445566778899aabbccddeeff
                hostctl commands 00112233445566778899aabbccddeeff --follow
                """,
        };
        command.Add(id);
        command.Add(limit);
        command.Add(follow);
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            bool json = parsed.GetValue(connection.Json);
            if (parsed.GetValue(id) is not { } one)
            {
                byte[] list = await client.GetAsync(FormattableString.Invariant($"v1/commands?limit={parsed.GetValue(limit)}"), cancellationToken);
                Write(json, list, terminal, () => List(client.Understand(list, ClientJson.Default.CommandList)).Write(terminal));
                return ExitCodes.Ok;
            }

            string path = "v1/commands/" + Uri.EscapeDataString(one);
            int exitCode = ExitCodes.Ok;
            if (parsed.GetValue(follow))
            {
                CommandView begin = await client.GetAsync(path, ClientJson.Default.CommandView, cancellationToken);
                exitCode = CommandWatch.ExitCodeOf(
                    await new CommandWatch(client, terminal, time).FollowAsync(begin.Id, begin.Hosts?.Count ?? 0, quiet: false, cancellationToken));
            }

            byte[] body = await client.GetAsync(path, cancellationToken);
            Write(json, body, terminal, () => CommandText.Write(terminal, client.Understand(body, ClientJson.Default.CommandView), output: true));
            return exitCode;
        });
        return command;
    }

    private static void Write(bool json, byte[] body, Terminal terminal, Action text)
    {
        if (json)
        {
            terminal.WriteJson(body);
        }
        else
        {
            text();
        }
    }

    private static Table List(CommandList list)
    {
        var table = new Table("ID", "TIME", "BY", "WHAT", "ON", "PHASE", "HOSTS");
        foreach (CommandView command in list.Commands)
        {
            table.Add(
                (command.Id, Style.Plain),
                ($"{command.Created:yyyy-MM-dd HH:mm:ss}Z", Style.Plain),
                (command.RequestedBy, Style.Plain),
                (CommandText.What(command.Kind, command.Args) + (command.DryRun ? " (dry run)" : ""), Style.Plain),
                (command.On.Length > 40 ? command.On[..37] + "..." : command.On, Style.Plain),
                (command.Phase, Style.OfRun(command.Phase)),
                (CommandText.Counts(command), CommandWatch.ExitCodeOf(command) == ExitCodes.Ok || !command.Settled ? Style.Plain : Style.Bad));
        }

        return table;
    }
}
