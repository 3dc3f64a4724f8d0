using System.Runtime.CompilerServices;
using HostAgent.Agent.Systemd;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>service.enable</c> and <c>service.disable</c>: whether a unit starts with the system. What runs goes on as it is.</summary>
internal sealed class ServiceEnablement(HandlerSetup setup, bool enable) : CommandHandler
{
    private string Verb => enable ? "enable" : "disable";

    [ModuleInitializer]
    internal static void Register()
    {
        Add(true, "Lets a systemd unit start with the system; it is not started now.");
        Add(false, "Lets a systemd unit no longer start with the system; it is not stopped now.");
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
            return new CommandPlan
            {
                Subjects = ["unit:" + id],
                Facts = UnitFacts.Of(unit),
                Steps = [IsDone(unit) ? $"nothing: {id} is {unit.UnitFileState} already" : $"{Verb} {id}, which is {unit.UnitFileState}", .. IsDone(unit) ? Array.Empty<string>() : ["let systemd read its units anew"]],
                Refusal = UnitFacts.Fault(unit, id) ?? Fault(unit, id),
                State = id,
            };
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
            int changes = await systemd.EnableAsync(unit, enable, cancellation);
            UnitState after = await systemd.ReadAsync(unit, cancellation);
            Facts facts = UnitFacts.Of(after);
            facts.Set("links_changed", changes);
            return new CommandOutcome(IsDone(after), $"{unit} is {after.UnitFileState} now", facts);
        }
        catch (Exception e) when (e is SystemdException or DBusException)
        {
            return new CommandOutcome(false, $"{Verb} of {unit}: {e.Message}");
        }
    }

    public override async ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        string name = UnitName.Complete(context.Must("unit")) ?? "";
        await using SystemdClient systemd = await SystemdClient.ConnectAsync(setup.Roots, setup.Time, cancellation);
        UnitState unit = await systemd.ReadAsync(name, cancellation);
        return new CommandOutcome(IsDone(unit), $"{name} is {unit.UnitFileState}", UnitFacts.Of(unit));
    }

    private static void Add(bool enable, string help) => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = enable ? "service.enable" : "service.disable",
        Help = help,
        Changes = true,
        Args = [CommandArgs.Name("unit", "The unit; .service is added to a name without a suffix.", required: true)],
        Create = setup => new ServiceEnablement(setup, enable),
    });

    private static string? Fault(UnitState unit, string name) => unit.UnitFileState is "static" or "generated" or "transient" or "alias"
        ? $"{name} is {unit.UnitFileState}: it has no [Install] section that says when it is to start, so it can be neither enabled nor disabled" : null;

    private bool IsDone(UnitState unit) => enable ? unit.UnitFileState is "enabled" or "enabled-runtime" : unit.UnitFileState is "disabled" or "";
}
