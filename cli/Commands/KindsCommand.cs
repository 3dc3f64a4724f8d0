using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl kinds</c>: what hosts can be asked to do.</summary>
internal static class KindsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("kinds", "List what hosts can be asked to do, and with which arguments.")
        {
            Examples = "hostctl kinds\nhostctl kinds --json | jq -r '.kinds[].name'",
        };
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync("v1/kinds", cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
                return ExitCodes.Ok;
            }

            var table = new Table("KIND", "CHANGES", ">SIGNATURES", ">HOSTS", "ARGUMENTS", "MEANING");
            foreach (KindList.Kind kind in client.Understand(body, ClientJson.Default.KindList).Kinds)
            {
                table.Add(
                    kind.Name,
                    kind.Changes ? "yes" : "no",
                    FormattableString.Invariant($"{kind.Signatures}"),
                    FormattableString.Invariant($"{kind.Hosts}"),
                    string.Join(' ', kind.Args.Select(static a => a.Required ? a.Name + "=" : $"[{a.Name}={a.Default}]")),
                    kind.Help);
            }

            table.Write(terminal);
            return ExitCodes.Ok;
        });
        return command;
    }
}
