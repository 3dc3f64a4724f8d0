using System.Runtime.CompilerServices;
using System.Text;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>check.run</c>: runs a check that the host's settings declare. A command names it and brings nothing that becomes part of it.</summary>
internal sealed class CheckRun(HandlerSetup setup) : CommandHandler
{
    private const int MaxOutputBytes = 64 * 1024;

    // Plugin API of the monitoring plugins: https://www.monitoring-plugins.org/doc/guidelines.html
    private static readonly string[] Verdicts = ["ok", "warning", "critical", "unknown"];

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "check.run",
        Help = "Runs a check that the agent's settings declare and shows its verdict.",
        Changes = false,
        DefaultTimeout = TimeSpan.FromMinutes(10),
        Args = [CommandArgs.Name("check", "The check, as the agent's settings name it (checks.NAME).", required: true)],
        Create = static setup => new CheckRun(setup),
    });

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string name = context.Must("check");
        CheckTarget? check = setup.Targets().Checks.GetValueOrDefault(name);
        return ValueTask.FromResult(new CommandPlan
        {
            Subjects = ["check:" + name],
            Steps = check is null ? [] : [$"run {Redaction.Clean(string.Join(' ', check.Command))} for at most {check.Timeout.TotalSeconds:0} s"],
            Refusal = check is null
                ? $"the agent's settings declare no check {name} (checks.{name}); there are: {string.Join(", ", setup.Targets().Checks.Keys.Order(StringComparer.Ordinal))}" : null,
            State = check,
        });
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        var check = (CheckTarget)plan.State!;
        var results = new Facts();
        long began = setup.Time.GetTimestamp();
        using var limit = new CancellationTokenSource(check.Timeout, setup.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        string verdict, text;
        try
        {
            ProcessResult result = await setup.Runner.RunAsync(check.Command, maxOutputBytes: MaxOutputBytes, cancellation: both.Token);
            verdict = result.ExitCode is >= 0 and <= 3 ? Verdicts[result.ExitCode] : "unknown";
            text = Redaction.Clean(result.Output.Length > 0 ? result.Output : result.Error).Trim();
            results.Set("exit_code", result.ExitCode);
            context.Output(Encoding.UTF8.GetBytes(text + "\n"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            (verdict, text) = ("unknown", $"it did not end within {check.Timeout.TotalSeconds:0} s and was killed");
        }
        catch (IOException e)
        {
            (verdict, text) = ("unknown", e.Message);
        }

        results.Set("verdict", verdict);
        results.Set("duration_ms", (long)setup.Time.GetElapsedTime(began).TotalMilliseconds);
        string first = text.Split('\n')[0];
        return new CommandOutcome(verdict == "ok", $"{check.Name} is {verdict}{(first.Length > 0 ? ": " + first : "")}", results);
    }
}
