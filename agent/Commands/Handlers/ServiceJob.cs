using System.Runtime.CompilerServices;
using HostAgent.Agent.Systemd;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>service.start</c>, <c>.stop</c>, <c>.restart</c> and <c>.reload</c>: a job of systemd's, and then proof that the unit is as it was to be
/// and stays so.</summary>
internal sealed class ServiceJob(HandlerSetup setup, string verb) : CommandHandler
{
    private const int FailureLines = 10;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private bool Starts => verb is "start" or "restart";

    [ModuleInitializer]
    internal static void Register()
    {
        Add("start", "Starts a systemd unit and waits until it is active and stays so.");
        Add("stop", "Stops a systemd unit and waits until it is inactive.");
        Add("restart", "Restarts a systemd unit (starts it when it is stopped) and waits until it is active and stays so.");
        Add("reload", "Lets a systemd unit read its configuration anew, without a restart.");
    }

    public override async ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string given = context.Must("unit");
        if (UnitName.Complete(given) is not { } name)
        {
            return new CommandPlan { Subjects = ["unit:" + given], Refusal = $"{given} is no name of a service, socket, timer or path unit" };
        }

        try
        {
            await using SystemdClient systemd = await SystemdClient.ConnectAsync(setup.Roots, setup.Time, cancellation);
            UnitState unit = await systemd.ReadAsync(name, cancellation);
            string id = unit.Id.Length > 0 ? unit.Id : name;
            return new CommandPlan { Subjects = ["unit:" + id], Facts = UnitFacts.Of(unit), Steps = Steps(unit, id), Refusal = Fault(unit, id), State = id };
        }
        catch (Exception e) when (e is SystemdException or DBusException)
        {
            return new CommandPlan { Subjects = ["unit:" + name], Refusal = e.Message };
        }
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        string unit = (string)plan.State!;
        try
        {
            await using SystemdClient systemd = await SystemdClient.ConnectAsync(setup.Roots, setup.Time, cancellation);
            UnitState before = await systemd.ReadAsync(unit, cancellation);
            if (Starts && before.ActiveState == "failed")
            {
                // Who asks for a start now does not mean the starts that failed before: without this, one too many of them refuses it.
                await systemd.ResetFailedAsync(unit, cancellation);
            }

            context.Progress(10, $"{verb} of {unit} queued");
            string result = await systemd.RunJobAsync(Method(verb), unit, cancellation);
            (UnitState after, bool died) = result is "done" or "gone"
                ? await SettleAsync(systemd, unit, before, context, cancellation) : (await systemd.ReadAsync(unit, cancellation), false);
            return await JudgeAsync(unit, before, after, died, result, cancellation);
        }
        catch (Exception e) when (e is SystemdException or DBusException)
        {
            return new CommandOutcome(false, $"{verb} of {unit}: {e.Message}");
        }
    }

    public override async ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        if (verb == "reload" || UnitName.Complete(context.Must("unit")) is not { } name)
        {
            return null; // A reload leaves no trace that systemd keeps.
        }

        await using SystemdClient systemd = await SystemdClient.ConnectAsync(setup.Roots, setup.Time, cancellation);
        UnitState unit = await systemd.ReadAsync(name, cancellation);
        while (unit.HasJob || unit.ActiveState is "activating" or "deactivating")
        {
            await Task.Delay(LookInterval, setup.Time, cancellation);
            unit = await systemd.ReadAsync(name, cancellation);
        }

        Facts facts = UnitFacts.Of(unit);
        bool ranAnew = unit.InvocationId.Length > 0 && unit.InvocationId != before.GetValueOrDefault("invocation_id");
        return verb switch
        {
            "stop" when unit.ActiveState is "inactive" or "failed" => new CommandOutcome(true, $"{name} is {unit.ActiveState}", facts),
            "start" when unit.ActiveState == "active" => new CommandOutcome(true, $"{name} is active", facts),
            "restart" when ranAnew && unit.ActiveState == "active" => new CommandOutcome(true, $"{name} was started anew and is active", facts),
            "start" or "restart" when ranAnew && unit.ServiceType == "oneshot" && unit.ActiveState == "inactive" && unit.Result == "success"
                => new CommandOutcome(true, $"{name} ran to its end", facts),
            "start" or "restart" when unit.ActiveState == "failed" && ranAnew => new CommandOutcome(false, Failure(name, unit, "it was started and failed"), facts),
            "start" when unit.ActiveState == "inactive" && !ranAnew => new CommandOutcome(false, $"{name} was not started", facts),
            "stop" when unit.ActiveState == "active" && !ranAnew => new CommandOutcome(false, $"{name} was not stopped", facts),
            "restart" when unit.ActiveState == "active" => new CommandOutcome(false, $"{name} was not restarted: it has been active since before", facts),
            _ => null,
        };
    }

    private static void Add(string verb, string help)
    {
        List<ArgDef> args = [CommandArgs.Name("unit", "The unit; .service is added to a name without a suffix.", required: true)];
        if (verb is "start" or "restart")
        {
            args.Add(CommandArgs.Duration("settle", "How long it must stay active before this counts as done.", TimeSpan.Zero, TimeSpan.FromMinutes(10), "2s"));
        }

        HandlerCatalog.Register(new HandlerDefinition
        {
            Kind = "service." + verb,
            Help = help,
            Changes = true,
            DefaultTimeout = TimeSpan.FromMinutes(3), // Longer than systemd's own 90 s, so that its verdict comes first.
            Args = args,
            Create = setup => new ServiceJob(setup, verb),
        });
    }

    private static string Method(string verb) => verb switch { "start" => "StartUnit", "stop" => "StopUnit", "restart" => "RestartUnit", _ => "ReloadUnit" };

    private List<string> Steps(UnitState unit, string name)
    {
        List<string> steps = [];
        if (verb == "start" && unit.ActiveState == "active")
        {
            return [$"nothing: {name} is active already"];
        }

        if (verb == "stop" && unit.ActiveState is "inactive" or "failed")
        {
            return [$"nothing: {name} is {unit.ActiveState} already"];
        }

        if (Starts && unit.ActiveState == "failed")
        {
            steps.Add($"forget that {name} failed ({unit.Result})");
        }

        steps.Add($"{verb} {name}, which is {unit.ActiveState} ({unit.SubState})");
        if (verb is "stop" or "restart" && unit.StopWithIt.Count > 0)
        {
            steps.Add($"with it {verb}, where they are active: {string.Join(", ", unit.StopWithIt)}");
        }

        if (unit.NeedDaemonReload)
        {
            steps.Add("mind: its files have changed on disk since systemd read them; the old content is used");
        }

        return steps;
    }

    private string? Fault(UnitState unit, string name)
        => UnitFacts.Fault(unit, name) is { } fault && !(verb == "stop" && unit.ActiveState != "inactive") ? fault
            : Starts && unit.RefusesManualStart ? $"{name} may not be started by hand (RefuseManualStart=)"
            : verb is "stop" or "restart" && unit.RefusesManualStop ? $"{name} may not be stopped by hand (RefuseManualStop=)"
            : verb != "reload" ? null
            : unit.ActiveState != "active" ? $"{name} is {unit.ActiveState}: only what is active can reload"
            : !unit.CanReload ? $"{name} cannot reload (it has no ExecReload=): restart it" : null;

    /// <summary>Waits until the unit has stayed as it is for the time asked for, has failed, or died and was started again (the second value).</summary>
    private async Task<(UnitState Unit, bool Died)> SettleAsync(
        SystemdClient systemd, string name, UnitState before, CommandContext context, CancellationToken cancellation)
    {
        TimeSpan settle = Starts ? context.Time("settle") : TimeSpan.Zero;
        UnitState unit = await systemd.ReadAsync(name, cancellation);
        string invocation = unit.InvocationId;
        long since = setup.Time.GetTimestamp();
        while (true)
        {
            // A start by hand begins to count restarts anew: one counted since then is one of systemd's own.
            bool died = Starts && (unit.SubState == "auto-restart" || unit.InvocationId != invocation || (unit.InvocationId != before.InvocationId && unit.Restarts > 0));
            if (died || (unit.ActiveState is not ("activating" or "deactivating" or "reloading")
                && (unit.ActiveState != "active" || setup.Time.GetElapsedTime(since) >= settle)))
            {
                return (unit, died);
            }

            await Task.Delay(LookInterval, setup.Time, cancellation);
            unit = await systemd.ReadAsync(name, cancellation);
        }
    }

    private async Task<CommandOutcome> JudgeAsync(
        string name, UnitState before, UnitState after, bool died, string result, CancellationToken cancellation)
    {
        Facts facts = UnitFacts.Of(after);
        facts.Set("job_result", result);
        facts.Set("active_state_before", before.ActiveState);
        bool ended = after.ServiceType == "oneshot" && after.ActiveState == "inactive" && after.Result == "success";
        bool good = result is "done" or "gone" && verb switch
        {
            "stop" => after.ActiveState is "inactive" or "failed",
            "reload" => after.ActiveState == "active",
            _ => ended || (after.ActiveState == "active" && !died),
        };
        if (good)
        {
            string state = ended ? "ran to its end" : $"is {after.ActiveState} ({after.SubState})" + (after.MainPid > 0 ? $", main process {after.MainPid}" : "");
            return new CommandOutcome(true, $"{verb} of {name} done: it {state}", facts);
        }

        string lines = await UnitLog.LastLinesAsync(setup, name, FailureLines, cancellation);
        string why = result is not ("done" or "gone") ? $"systemd's job ended with \"{result}\"" : died ? "it started, ended, and systemd starts it again" : "it did not stay up";
        return new CommandOutcome(false, $"{Failure($"{verb} of {name} failed: {name}", after, why)}. Its last lines:\n{lines}", facts);
    }

    private static string Failure(string name, UnitState unit, string why)
        => $"{name} is {unit.ActiveState} ({unit.SubState}): {why}"
            + (unit.Result.Length > 0 ? $"; Result={unit.Result}" : "") + (unit.ExitText.Length > 0 ? $", its main process ended with {unit.ExitText}" : "");
}
