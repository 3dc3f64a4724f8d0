using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;
using HostAgent.Cli.Signing;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl runbook</c>: ordered steps that bring something back to life.</summary>
internal static class RunbookCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal, TimeProvider time) => new ManualCommand("runbook", "List, show, run and follow runbooks.")
    {
        Notes = "A run goes on when the aggregator or a host restarts: every step is checkpointed, and no command is given twice.",
        Examples = """
            hostctl runbook list
            hostctl runbook run emergency-restart host=web1 --dry-run
            hostctl runbook run emergency-restart host=web1
            """,
        Subcommands =
        {
            List(connection, terminal), Show(connection, terminal), Put(connection, terminal), Run(connection, terminal, time), Status(connection, terminal, time),
            Change(connection, terminal, "approve", "Agree to what a run waits for."), Change(connection, terminal, "cancel", "End a run."),
        },
    };

    private static ManualCommand List(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("list", "List all runbooks.") { Examples = "hostctl runbook list" };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            var table = new Table("NAME", "PARAMETERS", ">STEPS", "DESCRIPTION");
            foreach (RunbookView runbook in (await client.GetAsync("v1/runbooks", ClientJson.Default.RunbookList, cancellationToken)).Runbooks)
            {
                table.Add(
                    runbook.Name, string.Join(' ', runbook.Parameters.Select(static p => p.Required ? p.Name + "=" : $"[{p.Name}]")),
                    FormattableString.Invariant($"{runbook.Steps.Count}"), runbook.Description);
            }

            table.Write(terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand Show(ConnectionOptions connection, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The runbook" };
        var command = new ManualCommand("show", "Print a runbook.") { Examples = "hostctl runbook show emergency-restart > mine.yaml" };
        command.Add(name);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            terminal.Out.Write((await client.GetAsync(PathOf(parsed.GetRequiredValue(name)), ClientJson.Default.RunbookView, cancellationToken)).Yaml);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand Put(ConnectionOptions connection, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The name that the runbook calls itself" };
        var file = new Argument<FileInfo>("FILE") { Description = "Its YAML" };
        var command = new ManualCommand("put", "Put a runbook on the aggregator's shelf.") { Examples = "hostctl runbook put mine mine.yaml" };
        command.Add(name);
        command.Add(file);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            string yaml;
            try
            {
                yaml = await File.ReadAllTextAsync(parsed.GetRequiredValue(file).FullName, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CliException(ExitCodes.Usage, e.Message);
            }

            await client.SendAsync(HttpMethod.Put, PathOf(parsed.GetRequiredValue(name)), new RunbookText(yaml), ClientJson.Default.RunbookText, cancellationToken);
            terminal.Out.WriteLine("it is on the shelf");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand Run(ConnectionOptions connection, Terminal terminal, TimeProvider time)
    {
        var name = new Argument<string>("NAME") { Description = "The runbook" };
        var args = new Argument<string[]>("NAME=VALUE") { Description = "Its parameters", Arity = ArgumentArity.ZeroOrMore };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what each step would do now" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not follow it; print its id" };
        var command = new ManualCommand("run", "Run a runbook: show its plan, ask, follow it to the end.")
        {
            ExitCodes = "0   it reached its end (also with --dry-run when nothing speaks against a step)\n1   it failed\n3   cancelled, refused, or it waits for somebody",
            Examples = "hostctl runbook run emergency-restart host=web1 --dry-run",
        };
        foreach (Argument argument in new Argument[] { name, args })
        {
            command.Add(argument);
        }

        foreach (Option option in new Option[] { dryRun, yes, noWait })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            string path = PathOf(parsed.GetRequiredValue(name));
            var ask = new RunbookAsk(OrderSigner.NewId(), NamedValues.Parse(parsed.GetValue(args) ?? []));
            if (parsed.GetValue(dryRun) || !parsed.GetValue(yes))
            {
                RunbookPlan plan = await client.PostAsync(path + "/plan", ask, ClientJson.Default.RunbookAsk, ClientJson.Default.RunbookPlan, cancellationToken);
                WritePlan(parsed.GetValue(dryRun) ? terminal.Out : terminal.Error, terminal, plan);
                if (parsed.GetValue(dryRun))
                {
                    return plan.Steps.All(static step => step.Possible) ? ExitCodes.Ok : ExitCodes.Negative;
                }

                CommandText.Confirm(terminal, "Run it?");
            }

            RunbookRunView run = await client.PostAsync(path + "/run", ask, ClientJson.Default.RunbookAsk, ClientJson.Default.RunbookRunView, cancellationToken);
            terminal.Out.WriteLine(run.Id);
            return parsed.GetValue(noWait) ? ExitCodes.Ok : await FollowAsync(client, terminal, time, run.Id, cancellationToken);
        });
        return command;
    }

    private static ManualCommand Status(ConnectionOptions connection, Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string?>("ID") { Description = "One run", Arity = ArgumentArity.ZeroOrOne };
        var follow = new Option<bool>("--follow", "-f") { Description = "Follow it to its end" };
        var command = new ManualCommand("status", "List the newest runs, or show one.") { Examples = "hostctl runbook status\nhostctl runbook status ID --follow" };
        command.Add(id);
        command.Add(follow);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            if (parsed.GetValue(id) is { } one)
            {
                if (parsed.GetValue(follow))
                {
                    return await FollowAsync(client, terminal, time, one, cancellationToken);
                }

                WriteRun(terminal, await client.GetAsync(RunPath(one), ClientJson.Default.RunbookRunView, cancellationToken));
                return ExitCodes.Ok;
            }

            var table = new Table("ID", "TIME", "BY", "RUNBOOK", "STATE");
            foreach (RunbookRunView run in (await client.GetAsync("v1/runbook-runs?limit=20", ClientJson.Default.RunbookRunList, cancellationToken)).Runs)
            {
                table.Add(
                    (run.Id, Style.Plain), ($"{run.Created:yyyy-MM-dd HH:mm:ss}Z", Style.Plain), (run.RequestedBy, Style.Plain),
                    (CommandText.What(run.Runbook, run.Args), Style.Plain), (run.State, Style.OfRun(run.State)));
            }

            table.Write(terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand Change(ConnectionOptions connection, Terminal terminal, string verb, string description)
    {
        var id = new Argument<string>("ID") { Description = "The run" };
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "For the record", DefaultValueFactory = static _ => "" };
        var command = new ManualCommand(verb, description) { Examples = $"hostctl runbook {verb} ID --reason 'as agreed'" };
        command.Add(id);
        command.Add(reason);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            WriteRun(terminal, await client.PostAsync(
                $"{RunPath(parsed.GetRequiredValue(id))}/{verb}", new CancelAsk(parsed.GetRequiredValue(reason)), ClientJson.Default.CancelAsk,
                ClientJson.Default.RunbookRunView, cancellationToken));
            return ExitCodes.Ok;
        });
        return command;
    }

    // An approval is somebody's decision: whoever follows is told, and does not wait for it.
    private static async Task<int> FollowAsync(AggregatorClient client, Terminal terminal, TimeProvider time, string id, CancellationToken cancellationToken)
    {
        var shown = new Dictionary<int, (string, string)>();
        while (true)
        {
            RunbookRunView run = await client.GetAsync(RunPath(id), ClientJson.Default.RunbookRunView, cancellationToken);
            for (int i = 0; i < run.Steps.Count; i++)
            {
                RunbookRunView.Step step = run.Steps[i];
                if (step.State != "waiting" && (!shown.TryGetValue(i, out (string, string) last) || last != (step.State, step.Message)))
                {
                    shown[i] = (step.State, step.Message);
                    terminal.Error.WriteLine($"{Table.Clean(step.Name)}  {terminal.Paint(Style.OfRun(step.State), step.State)}  {Table.Clean(step.Message)}");
                }
            }

            if (run.Over || run.State == "approval")
            {
                terminal.Out.WriteLine(run.State == "approval" ? $"It waits for approval: hostctl runbook approve {id}, then hostctl runbook status {id} --follow" : run.State);
                return run.State switch { "succeeded" => ExitCodes.Ok, "failed" => ExitCodes.Negative, _ => ExitCodes.NotDone };
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
        }
    }

    private static string PathOf(string name) => "v1/runbooks/" + Uri.EscapeDataString(name);

    private static string RunPath(string id) => "v1/runbook-runs/" + Uri.EscapeDataString(id);

    private static void WritePlan(TextWriter writer, Terminal terminal, RunbookPlan plan)
    {
        var table = new Table(">STEP", "NAME", "WHAT", "NOW");
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            RunbookPlan.PlannedStep step = plan.Steps[i];
            table.Add((FormattableString.Invariant($"{i + 1}"), Style.Plain), (step.Name, Style.Plain), (step.What, Style.Plain), (step.Now, step.Possible ? Style.Plain : Style.Bad));
        }

        foreach (string line in table.Lines(terminal))
        {
            writer.WriteLine(line);
        }
    }

    private static void WriteRun(Terminal terminal, RunbookRunView run)
    {
        terminal.Out.WriteLine($"{run.Id}  {CommandText.What(run.Runbook, run.Args)}  {run.State}{(run.Cancelled is { } why ? "; " + Table.Clean(why) : "")}");
        var table = new Table("STEP", "STATE", "COMMAND", "MESSAGE");
        foreach (RunbookRunView.Step step in run.Steps)
        {
            table.Add((step.Name, Style.Plain), (step.State, Style.OfRun(step.State)), (step.Command ?? "", Style.Plain), (step.Message, Style.Plain));
        }

        table.Write(terminal);
    }
}
