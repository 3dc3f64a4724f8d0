using System.CommandLine;
using System.Globalization;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl account</c>: what became of everything a host produced.</summary>
internal static class AccountCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var host = new Argument<string>("HOST") { Description = "Name or id of a host" };
        host.CompletionSources.Add(_ => HostNames.Complete(connection));
        var from = new Option<string>("--from")
        {
            HelpName = "TIME",
            Description = "Begin of the interval: RFC 3339, unix seconds, or a duration before now",
            DefaultValueFactory = _ => "-24h",
        };
        var to = new Option<string>("--to") { HelpName = "TIME", Description = "End of the interval", DefaultValueFactory = _ => "now" };
        var command = new ManualCommand("account", "Show what became of every frame a host produced: present + late + dropped + missing = produced.")
        {
            Notes = """
                A frame is all samples of one instant. Present and late frames are stored; late ones arrived after the aggregator had been
                away. Dropped ones were given up by somebody who said so. Missing ones are on their way, or in the host's spool.
                Intervals that overlap the asked-for one are counted in full.
                """,
            ExitCodes = "0   every frame is stored or on its way\n1   frames were dropped or lost at a crash, or there is no such host",
            Examples = """
                hostctl account web1
                hostctl account web1 --from -7d --json
                hostctl account web1 --from 2026-11-22T08:00:00Z --to 2026-11-22T09:00:00Z
                """,
        };
        command.Add(host);
        command.Add(from);
        command.Add(to);
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            string path = $"v1/hosts/{Uri.EscapeDataString(parsed.GetRequiredValue(host))}/account"
                + $"?from={Uri.EscapeDataString(parsed.GetRequiredValue(from))}&to={Uri.EscapeDataString(parsed.GetRequiredValue(to))}";
            byte[] body = await client.GetAsync(path, cancellationToken);
            Account account = client.Understand(body, ClientJson.Default.Account);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
            }
            else
            {
                Write(account, terminal);
            }

            return account.DroppedFrames > 0 || account.CrashGaps > 0 ? ExitCodes.Negative : ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(Account account, Terminal terminal)
    {
        terminal.Out.WriteLine($"{account.HostName} ({account.HostId}) from {account.From} to {account.To}");
        var sums = new Table("FRAMES", ">COUNT", "MEANING");
        sums.Add("produced", Number(account.ProducedFrames), "by the host, as far as the aggregator knows");
        sums.Add("present", Number(account.PresentFrames), "stored while they were news");
        sums.Add("late", Number(account.LateFrames), "stored late");
        sums.Add("dropped", Number(account.DroppedFrames), "given up by somebody who said so");
        sums.Add("missing", Number(account.MissingFrames), "not heard of yet");
        sums.Add("duplicate", Number(account.DuplicateFrames), "came again, not stored again (since the aggregator started)");
        sums.Write(terminal);
        if (account.CrashGaps > 0)
        {
            terminal.Out.WriteLine($"{account.CrashGaps} times the agent died and an unknown number of frames with it.");
        }

        if (account.Intervals.Count == 0)
        {
            return;
        }

        terminal.Out.WriteLine();
        var intervals = new Table("OUTCOME", "FROM", "TO", ">FRAMES", ">SAMPLES");
        foreach (AccountInterval interval in account.Intervals)
        {
            intervals.Add(
                (interval.Outcome, Style.OfState(interval.Outcome)),
                (Time(interval.FirstTime), Style.Plain),
                (Time(interval.LastTime), Style.Plain),
                (interval.Frames == 0 ? "?" : Number(interval.Frames), Style.Plain),
                (interval.Frames == 0 ? "?" : Number(interval.Samples), Style.Plain));
        }

        intervals.Write(terminal);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
