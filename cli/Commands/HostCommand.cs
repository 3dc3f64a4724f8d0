using System.CommandLine;
using System.Text.Json;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl host</c>: shut a host out, or let it in again.</summary>
internal static class HostCommand
{
    /// <summary>The command and those below it.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("host", "Shut a host out, or let it in again.") { Examples = "hostctl host revoke web7 --reason 'disk was sold'" };
        command.Add(CreateRevoke(connection, terminal));
        command.Add(CreateRestore(connection, terminal));
        return command;
    }

    private static ManualCommand CreateRevoke(ConnectionOptions connection, Terminal terminal)
    {
        Argument<string> host = Host(connection);
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "Why; the host is told, and the audit keeps it", Required = true };
        var command = new ManualCommand("revoke", "Shut a host out: its certificate is worth nothing from now on, and its open streams end within seconds.")
        {
            Examples = "hostctl host revoke web7 --reason 'stolen with the laptop'",
        };
        command.Add(host);
        command.Add(reason);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(new RevokeHost(parsed.GetRequiredValue(reason)), ClientJson.Default.RevokeHost);
            byte[] answer = await client.PostAsync($"v1/hosts/{Uri.EscapeDataString(parsed.GetRequiredValue(host))}/revoke", body, cancellationToken);
            HostRevocation revocation = client.Understand(answer, ClientJson.Default.HostRevocation);
            terminal.Out.WriteLine($"Host {revocation.HostId} is revoked: {revocation.Reason} ({revocation.RevokedBy}). hostctl host restore lets it in again.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand CreateRestore(ConnectionOptions connection, Terminal terminal)
    {
        Argument<string> host = Host(connection);
        var command = new ManualCommand("restore", "Let a revoked host in again, with the certificate it has.") { Examples = "hostctl host restore web7" };
        command.Add(host);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            string which = parsed.GetRequiredValue(host);
            await client.PostAsync($"v1/hosts/{Uri.EscapeDataString(which)}/restore", null, cancellationToken);
            terminal.Out.WriteLine($"Host {which} may come back.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Argument<string> Host(ConnectionOptions connection)
    {
        var host = new Argument<string>("HOST") { Description = "Name or id of a host" };
        host.CompletionSources.Add(_ => HostNames.Complete(connection));
        return host;
    }
}
