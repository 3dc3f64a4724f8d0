using System.CommandLine;
using System.Globalization;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl audit</c>: who did what, and whether that record is whole.</summary>
internal static class AuditCommand
{
    private const int PageSize = 1000;

    /// <summary>The command and those below it.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("audit", "Show who did what, and verify that nothing in that record was changed.")
        {
            Notes = """
                The audit is a chain: each record holds the hash of the one before. Whoever can write the aggregator's disk could compute all of it anew,
                but not so that it agrees with an anchor that was kept somewhere else: keep one now and then.
                """,
            Examples = """
                hostctl audit list --limit 20
                hostctl audit anchor >> /mnt/elsewhere/hostagent-anchors
                hostctl audit verify --anchor-file /mnt/elsewhere/hostagent-anchors
                """,
        };
        command.Add(CreateList(connection, terminal));
        command.Add(CreateAnchor(connection, terminal));
        command.Add(AuditVerifyCommand.Create(connection, terminal));
        return command;
    }

    private static ManualCommand CreateList(ConnectionOptions connection, Terminal terminal)
    {
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "The newest so many records", DefaultValueFactory = _ => 50 };
        var before = new Option<ulong?>("--before") { HelpName = "SEQUENCE", Description = "Only records before this one" };
        var actor = new Option<string?>("--actor") { HelpName = "NAME", Description = "Of these, only what NAME did" };
        var action = new Option<string?>("--action") { HelpName = "ACTION", Description = "Of these, only this action, such as token.create" };
        var command = new ManualCommand("list", "List logins, changes and refusals, newest first.")
        {
            Notes = """
                done      it is done
                intended  it was going to be done; what became of it is another record
                refused   whoever asked may not, or asked for something that is not allowed
                failed    it was allowed and went wrong
                """,
            ExitCodes = "0   there are records\n1   there are none",
            Examples = """
                hostctl audit list
                hostctl audit list --limit 1000 --actor ann
                hostctl audit list --json | jq '.records[] | select(.outcome == "refused")'
                """,
        };
        foreach (Option option in new Option[] { limit, before, actor, action, connection.Json })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            int wanted = parsed.GetRequiredValue(limit);
            if (wanted is < 1 or > PageSize)
            {
                throw new CliException(ExitCodes.Usage, $"--limit: \"{wanted}\" is no number from 1 to {PageSize}");
            }

            using AggregatorClient client = connection.Client(parsed);
            string page = string.Create(CultureInfo.InvariantCulture, $"v1/audit?limit={wanted}{(parsed.GetValue(before) is { } at ? $"&before={at}" : "")}");
            byte[] body = await client.GetAsync(page, cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
                return ExitCodes.Ok;
            }

            AuditItem[] records = [.. client.Understand(body, ClientJson.Default.AuditPage).Records
                .Where(record => (parsed.GetValue(actor) is not { } who || record.Actor == who) && (parsed.GetValue(action) is not { } what || record.Action == what))];
            Write(records, terminal);
            return records.Length > 0 ? ExitCodes.Ok : ExitCodes.Negative;
        });
        return command;
    }

    private static ManualCommand CreateAnchor(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("anchor", "Print the newest record's sequence and hash, to be kept where the aggregator cannot write.")
        {
            Examples = "hostctl audit anchor >> /mnt/elsewhere/hostagent-anchors",
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            terminal.Out.WriteLine((await client.GetAsync("v1/audit/anchor", ClientJson.Default.AuditAnchorAnswer, cancellationToken)).Anchor);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(AuditItem[] records, Terminal terminal)
    {
        var table = new Table(">SEQ", "TIME", "WHO", "FROM", "ACTION", "TARGET", "OUTCOME", "DETAILS");
        foreach (AuditItem record in records)
        {
            table.Add(
                (record.Sequence.ToString(CultureInfo.InvariantCulture), Style.Faint),
                (record.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), Style.Plain),
                (record.Role.Length > 0 ? $"{record.Actor} ({record.Role})" : record.Actor, Style.Plain),
                (record.Origin, Style.Plain),
                (record.Action, Style.Plain),
                (record.Target, Style.Plain),
                (record.Outcome, record.Outcome is "refused" or "failed" ? Style.Bad : Style.Plain),
                (string.Join(" ", record.Details.Select(detail => $"{detail.Key}={detail.Value}")), Style.Faint));
        }

        table.Write(terminal);
    }
}
