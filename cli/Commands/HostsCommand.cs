using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl hosts</c>: who is watched, and who is silent.</summary>
internal static class HostsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal, TimeProvider time)
    {
        var command = new ManualCommand("hosts", "List every host that ever reported, and whether it still does.")
        {
            Notes = """
                up     its live samples are streaming in
                stale  connected but silent, or gone for moments
                down   not heard of for a while (30 s)
                SKEW is the host's clock minus the aggregator's. Catching up: the host sends what it kept while the aggregator was away.
                """,
            Examples = """
                hostctl hosts
                hostctl hosts --json | jq -r '.hosts[] | select(.liveness != "up") | .name'
                """,
        };
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync("v1/hosts", cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
                return ExitCodes.Ok;
            }

            Write(client.Understand(body, ClientJson.Default.HostList), terminal, time.GetUtcNow());
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(HostList list, Terminal terminal, DateTimeOffset now)
    {
        if (list.Hosts.Count == 0)
        {
            terminal.Out.WriteLine("No host has reported yet. Start an agent: hostagent run --aggregator URL --state DIR");
            return;
        }

        var table = new Table("HOST", "STATE", ">LAST SAMPLE", ">SKEW", ">SERIES", "AGENT", "ID", "NOTES");
        foreach (HostSummary host in list.Hosts)
        {
            string notes = string.Join("; ", new[]
                {
                    host.Duplicate is null ? "" : "DUPLICATE: " + host.Duplicate,
                    host.BackfillLaneConnected ? "catching up" : "",
                    host.LastRefusal is null ? "" : "refused: " + host.LastRefusal,
                }
                .Where(note => note.Length > 0));
            table.Add(
                (host.Name, Style.Plain),
                (host.Liveness, Style.OfState(host.Liveness)),
                (host.LastSample is { } last ? Units.Age(now - last) + " ago" : "never", Style.Plain),
                (FormattableString.Invariant($"{host.ClockSkewMs} ms"), Math.Abs(host.ClockSkewMs) > 5000 ? Style.Warning : Style.Plain),
                (FormattableString.Invariant($"{host.SeriesCount}"), Style.Plain),
                (host.AgentVersion, Style.Plain),
                (host.Id, Style.Faint),
                (notes, host.Duplicate is not null ? Style.Bad : host.LastRefusal is null ? Style.Plain : Style.Warning));
        }

        table.Write(terminal);
    }
}
