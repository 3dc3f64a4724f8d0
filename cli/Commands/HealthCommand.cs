using System.CommandLine;
using System.Net;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl health</c>: is the aggregator well?</summary>
internal static class HealthCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("health", "Ask the aggregator whether it is well.")
        {
            ExitCodes = "0   healthy\n1   warning: it works, but somebody should look\n2   unhealthy",
            Examples = """
                hostctl health
                hostctl health --json | jq .checks
                """,
        };
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync("health", cancellationToken, HttpStatusCode.ServiceUnavailable);
            Health health = client.Understand(body, ClientJson.Default.Health);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
            }
            else
            {
                terminal.Out.WriteLine($"{terminal.Paint(Style.OfState(health.Status), health.Status)}  aggregator {health.Version} at {client.Url}");
                var table = new Table("CHECK", "STATUS", "DETAIL");
                foreach ((string name, HealthCheck check) in health.Checks.OrderBy(check => check.Key, StringComparer.Ordinal))
                {
                    table.Add((name, Style.Plain), (check.Status, Style.OfState(check.Status)), (check.Detail ?? "", Style.Plain));
                }

                table.Write(terminal);
            }

            return health.Status switch
            {
                "healthy" => ExitCodes.Ok,
                "warning" => ExitCodes.Negative,
                _ => ExitCodes.Critical,
            };
        });
        return command;
    }
}
