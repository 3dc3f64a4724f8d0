using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;
using HostAgent.Cli.Signing;
using HostAgent.Protos.Commands;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl run</c>: has hosts do something.</summary>
internal static class RunCommand
{
    /// <summary>The exit codes of commands that have hosts do something.</summary>
    public const string ExitCodesText = """
        0   every host succeeded
        1   at least one failed or timed out
        3   at least one did not do it, none failed: rejected, expired, undeliverable, cancelled, or overdue and therefore unknown; or it was refused
        130 Ctrl-C while it goes on
        """;

    private static readonly TimeSpan DryRunPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal, TimeProvider time)
    {
        var run = new RunOptions();
        var signing = new SigningOptions();
        var sign = new Option<bool>("--sign") { Description = "Sign the order with your key, for kinds that need it" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not follow it; print its id" };
        var command = new ManualCommand("run", "Have hosts do something, and follow it to the end.")
        {
            Notes = """
                On a terminal, a command that changes something is asked for as a dry run first, and you confirm what the agents say.
                Each agent decides: it does only what its own policy allows, and a kind that needs signatures only with those of operators it knows.
                Overdue: the agent is silent for longer than the command can take. What became of it is not known until it reports.
                """,
            ExitCodes = ExitCodesText,
            Examples = """
                hostctl run service.restart --on web1 unit=nginx
                hostctl run service.restart --on '{site="north"}' unit=nginx --canary 1 --batch 10% --probe hosts-up
                hostctl run logs.tail --on web1,web2 unit=nginx lines=50 --yes
                hostctl run postgres.terminate-idle --on db1 older_than=1h --dry-run
                hostctl run agent.upgrade --on all file=/var/tmp/hostagent --sign --operator alice
                """,
        };
        run.AddTo(command);
        foreach (Option option in new Option[] { sign, signing.Operator, signing.Key, yes, noWait, connection.Json })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            CommandAsk ask = run.Read(parsed);
            bool dryRun = parsed.GetValue(run.DryRun);
            CommandPreview preview = await PreviewAsync(client, ask, cancellationToken);
            if (!parsed.GetValue(yes))
            {
                ShowTargets(terminal, ask, preview);
            }

            if (preview.Changes && !dryRun && !parsed.GetValue(yes))
            {
                if (terminal.Interactive)
                {
                    await RehearseAsync(client, terminal, time, ask, preview, cancellationToken);
                }

                CommandText.Confirm(terminal, FormattableString.Invariant($"Do it on {Fit(preview)} of {preview.Targets.Count} hosts?"));
            }

            CommandAsk final = parsed.GetValue(sign) && !dryRun
                ? await SignAsync(client, time, ask, signing.Signer(parsed, terminal), preview, cancellationToken)
                : ask with { DryRun = dryRun ? true : null, Id = ask.Id ?? OrderSigner.NewId() };
            CommandView accepted = await client.PostAsync("v1/commands", final, ClientJson.Default.CommandAsk, ClientJson.Default.CommandView, cancellationToken);
            return await AfterAsync(client, terminal, time, accepted, parsed.GetValue(noWait), parsed.GetValue(connection.Json), cancellationToken);
        });
        return command;
    }

    private static Task<CommandPreview> PreviewAsync(AggregatorClient client, CommandAsk ask, CancellationToken cancellationToken)
        => client.PostAsync("v1/commands/preview", ask, ClientJson.Default.CommandAsk, ClientJson.Default.CommandPreview, cancellationToken);

    private static int Fit(CommandPreview preview) => preview.Targets.Count(static t => t.Against is null);

    private static void ShowTargets(Terminal terminal, CommandAsk ask, CommandPreview preview)
    {
        terminal.Error.WriteLine($"{CommandText.What(ask.Kind, ask.Args)}: {Table.Clean(preview.Help)}");
        foreach (CommandPreview.Target target in preview.Targets.Take(50))
        {
            terminal.Error.WriteLine($"  {Table.Clean(target.Name)}  {(target.Against is { } against ? terminal.Paint(Style.Bad, "cannot: " + Table.Clean(against))
                : target.Attached ? "attached" : terminal.Paint(Style.Warning, "not attached: it waits until the command expires"))}");
        }

        if (preview.Targets.Count > 50)
        {
            terminal.Error.WriteLine(FormattableString.Invariant($"  and {preview.Targets.Count - 50} more"));
        }

        if (preview.SignaturesNeeded > 0)
        {
            terminal.Error.WriteLine(FormattableString.Invariant($"It needs the signatures of {preview.SignaturesNeeded} operators."));
        }
    }

    // Asks the agents what they would do, so that the one who confirms knows what to.
    private static async Task RehearseAsync(
        AggregatorClient client, Terminal terminal, TimeProvider time, CommandAsk ask, CommandPreview preview, CancellationToken cancellationToken)
    {
        CommandPreview.Target[] there = [.. preview.Targets.Where(static t => t is { Against: null, Attached: true })];
        if (there.Length == 0)
        {
            return;
        }

        CommandAsk dry = ask with { DryRun = true, Id = null, Rollout = null, On = string.Join(',', there.Select(static t => t.Id)), ExpiresIn = "15s" };
        CommandView asked = await client.PostAsync("v1/commands", dry, ClientJson.Default.CommandAsk, ClientJson.Default.CommandView, cancellationToken);
        using var patience = new CancellationTokenSource(DryRunPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            CommandView said = await new CommandWatch(client, terminal, time).FollowAsync(asked.Id, there.Length, quiet: true, either.Token);
            terminal.Error.WriteLine("What they would do:");
            foreach (HostRunView run in (said.Hosts ?? []).Take(50))
            {
                terminal.Error.WriteLine($"  {Table.Clean(run.Name)}  {(run.State == "succeeded" ? "" : terminal.Paint(Style.OfRun(run.State), run.State) + "  ")}{Table.Clean(run.Message)}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            terminal.Error.WriteLine(terminal.Paint(Style.Warning, "Not every agent has said in time what it would do."));
        }
    }

    // What is signed is the operator's own; only the ids behind the names, which were shown, and the aggregator's time, which is checked, come
    // from the aggregator.
    private static async Task<CommandAsk> SignAsync(
        AggregatorClient client, TimeProvider time, CommandAsk ask, OrderSigner signer, CommandPreview seen, CancellationToken cancellationToken)
    {
        CommandAsk named = ask with { Id = ask.Id ?? OrderSigner.NewId() };
        CommandPreview preview = await PreviewAsync(client, named, cancellationToken);
        string[] targets = [.. seen.Targets.Where(static t => t.Against is null).Select(static t => t.Id).Order(StringComparer.Ordinal)];
        if (!preview.Order.Targets.Order(StringComparer.Ordinal).SequenceEqual(targets) || (seen.Targets.Count != targets.Length && ask.SkipUnfit != true))
        {
            throw new CliException(ExitCodes.NotDone, seen.Targets.Count != targets.Length
                ? "some hosts cannot do it; leave them out with --skip-unfit"
                : "the hosts have changed since they were shown; look again");
        }

        TimeSpan difference = DateTimeOffset.FromUnixTimeMilliseconds(preview.Order.NotBeforeUnixMs) - time.GetUtcNow();
        if (difference.Duration() > MaxClockDifference)
        {
            throw new CliException(ExitCodes.NotDone, FormattableString.Invariant($"the aggregator's clock differs from this one by {difference.TotalSeconds:0} s; set them right before signing"));
        }

        var order = new OrderView(
            named.Id!, ask.Kind, ask.Args, targets, [], preview.Order.NotBeforeUnixMs,
            preview.Order.NotBeforeUnixMs + (long)Duration(ask.ExpiresIn, DefaultExpiry).TotalMilliseconds,
            (uint)Duration(ask.Timeout, TimeSpan.Zero).TotalMilliseconds, ask.Precondition ?? "", DryRun: false);
        return named with
        {
            On = string.Join(',', targets),
            ExpiresIn = null,
            NotBeforeUnixMs = order.NotBeforeUnixMs,
            NotAfterUnixMs = order.NotAfterUnixMs,
            Signatures = [signer.Sign(order)],
        };
    }

    private static TimeSpan Duration(string? text, TimeSpan otherwise)
        => text is null ? otherwise
            : ArgCheck.TryParseDuration(text, out TimeSpan duration) ? duration
            : throw new CliException(ExitCodes.Usage, $"\"{text}\" is no duration; write for example 30s, 5m or 1h30m");

    /// <summary>Follows an accepted command, unless it waits for others or nobody wants to.</summary>
    internal static async Task<int> AfterAsync(
        AggregatorClient client, Terminal terminal, TimeProvider time, CommandView accepted, bool noWait, bool json, CancellationToken cancellationToken)
    {
        if (accepted.Phase == "pending-approval" && !noWait)
        {
            terminal.Error.WriteLine(FormattableString.Invariant(
                $"It waits for {accepted.SignaturesNeeded - accepted.SignedBy.Count} more signatures until {accepted.NotAfter:HH:mm:ss}Z: hostctl approve {accepted.Id}"));
        }

        CommandView end = accepted;
        if (!noWait)
        {
            try
            {
                end = await new CommandWatch(client, terminal, time).FollowAsync(accepted.Id, accepted.Hosts?.Count ?? 0, quiet: false, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                terminal.Error.WriteLine($"It goes on: hostctl commands {accepted.Id}, or hostctl cancel {accepted.Id}");
                return ExitCodes.Interrupted;
            }
        }

        if (json)
        {
            terminal.WriteJson(await client.GetAsync($"v1/commands/{accepted.Id}", cancellationToken));
        }
        else
        {
            terminal.Out.WriteLine(noWait ? accepted.Id : $"{accepted.Id}  {CommandText.Counts(end)}{(end.Stopped is { } why ? "; stopped: " + Table.Clean(why) : "")}");
        }

        return noWait ? ExitCodes.Ok : CommandWatch.ExitCodeOf(end);
    }
}
