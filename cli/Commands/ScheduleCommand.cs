using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl schedule</c>: what happens by the calendar.</summary>
internal static class ScheduleCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal) => new ManualCommand("schedule", "List, show, set or remove what happens by the calendar.")
    {
        Notes = """
            When: five crontab fields ("0 2 * * sun"), hourly, daily, weekly, monthly, or a time such as "Sun 02:00" or "Mon..Fri 08:30".
            A time of day that clocks skip in spring falls due when they jump; one that comes twice in autumn falls due once.
            A time whose predecessor is still at work is left out. Every decision stands in the history: hostctl schedule show NAME.
            """,
        Examples = """
            hostctl schedule set db-maintain "Sun 02:00" --zone Europe/Berlin --kind postgres.maintain --on db1
            hostctl schedule set nightly "0 3 * * *" --runbook emergency-restart host=web1 --missed run-once
            hostctl schedule list
            """,
        Subcommands = { List(connection, terminal), Show(connection, terminal), Set(connection, terminal), Remove(connection, terminal) },
    };

    private static ManualCommand List(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("list", "List all schedules.") { Examples = "hostctl schedule list" };
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync("v1/schedules", cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
                return ExitCodes.Ok;
            }

            var table = new Table("NAME", "WHEN", "ZONE", "WHAT", "NEXT", "SET BY");
            foreach (ScheduleView schedule in client.Understand(body, ClientJson.Default.ScheduleList).Schedules)
            {
                table.Add(schedule.Name, schedule.At, schedule.Zone, What(schedule), schedule.Next is { } next ? $"{next:yyyy-MM-dd HH:mm:ss}Z" : "off", schedule.SetBy);
            }

            table.Write(terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand Show(ConnectionOptions connection, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The schedule" };
        var command = new ManualCommand("show", "Show a schedule and what became of its newest times.") { Examples = "hostctl schedule show db-maintain" };
        command.Add(name);
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync(PathOf(parsed.GetRequiredValue(name)), cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
            }
            else
            {
                Write(terminal, client.Understand(body, ClientJson.Default.ScheduleView));
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand Set(ConnectionOptions connection, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The schedule, new or not" };
        var at = new Argument<string>("WHEN") { Description = "Calendar expression" };
        var args = new Argument<string[]>("NAME=VALUE") { Description = "Arguments of the command, or parameters of the runbook", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> zone = Text("--zone", "ZONE", "IANA time zone. Default: UTC"), kind = Text("--kind", "KIND", "Run a command of this kind"),
            on = Text("--on", "HOSTS", "Its hosts; those that cannot do it at the time are left out"), runbook = Text("--runbook", "NAME", "Run this runbook instead"),
            missed = Text("--missed", "skip|run-once", "What happens with times that pass while the aggregator is away. Default: skip"),
            jitter = Text("--jitter", "DURATION", "Put each time off by up to this long"), expires = Text("--expires", "DURATION", "How long the command may wait for its hosts"),
            timeout = Text("--timeout", "DURATION", "How long it may take on a host");
        var off = new Option<bool>("--off") { Description = "Keep it, but do not follow it" };
        var command = new ManualCommand("set", "Set a schedule.") { Examples = "hostctl schedule set rotate \"Sun 04:00\" --kind logs.rotate --on all" };
        command.Add(name);
        command.Add(at);
        command.Add(args);
        foreach (Option option in new Option[] { zone, kind, on, runbook, missed, jitter, expires, timeout, off })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            var ask = new ScheduleAsk(
                parsed.GetRequiredValue(at), parsed.GetValue(zone), !parsed.GetValue(off), parsed.GetValue(missed), parsed.GetValue(jitter), parsed.GetValue(kind),
                parsed.GetValue(on), NamedValues.Parse(parsed.GetValue(args) ?? []), parsed.GetValue(expires), parsed.GetValue(timeout), parsed.GetValue(runbook));
            byte[] answer = await client.SendAsync(HttpMethod.Put, PathOf(parsed.GetRequiredValue(name)), ask, ClientJson.Default.ScheduleAsk, cancellationToken);
            Write(terminal, client.Understand(answer, ClientJson.Default.ScheduleView));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand Remove(ConnectionOptions connection, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The schedule" };
        var command = new ManualCommand("remove", "Remove a schedule and its history.") { Examples = "hostctl schedule remove db-maintain" };
        command.Add(name);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            await client.SendAsync(HttpMethod.Delete, PathOf(parsed.GetRequiredValue(name)), new CancelAsk(""), ClientJson.Default.CancelAsk, cancellationToken);
            terminal.Out.WriteLine("removed");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string PathOf(string name) => "v1/schedules/" + Uri.EscapeDataString(name);

    private static string What(ScheduleView schedule)
        => CommandText.What(schedule.Runbook is { } runbook ? "runbook " + runbook : schedule.Kind ?? "", schedule.Args) + (schedule.On is null ? "" : " on " + schedule.On);

    private static void Write(Terminal terminal, ScheduleView schedule)
    {
        terminal.Out.WriteLine($"{schedule.Name}  {Table.Clean(schedule.At)} ({schedule.Zone}): {What(schedule)}; next {(schedule.Next is { } next ? $"{next:yyyy-MM-dd HH:mm:ss}Z" : "never, it is off")}");
        if (schedule.History is not { Count: > 0 } history)
        {
            return;
        }

        var table = new Table("PLANNED", "OUTCOME", "STARTED", "MESSAGE");
        foreach (ScheduleView.Run run in history)
        {
            table.Add(($"{run.Planned:yyyy-MM-dd HH:mm:ss}Z", Style.Plain), (run.Outcome, run.Outcome is "started" or "held" ? Style.Plain : Style.Warning), (run.Started ?? "", Style.Plain), (run.Message, Style.Plain));
        }

        table.Write(terminal);
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}
