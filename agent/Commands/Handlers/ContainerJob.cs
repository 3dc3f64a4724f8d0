using System.Globalization;
using System.Runtime.CompilerServices;
using HostAgent.Agent.Containers;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>container.start</c>, <c>.stop</c> and <c>.restart</c>: by the engine, and then proof that the container is up, and healthy when it can say.</summary>
internal sealed class ContainerJob(HandlerSetup setup, string verb) : CommandHandler
{
    private const int FailureLines = 10;

    private bool Starts => verb is "start" or "restart";

    [ModuleInitializer]
    internal static void Register()
    {
        Add("start", "Starts a container and waits until it is up, and healthy when it has a health check.");
        Add("stop", "Stops a container.");
        Add("restart", "Restarts a container and waits until it is up, and healthy when it has a health check.");
    }

    public override async ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string given = context.Must("container");
        if (!ContainerFacts.IsName(given))
        {
            return new CommandPlan { Subjects = ["container:" + given], Refusal = $"{given} is no name of a container" };
        }

        try
        {
            using EngineClient engine = EngineClient.Open(setup.Roots, setup.Time);
            ContainerState container = await engine.InspectAsync(given, cancellation);
            bool nothing = verb == "start" ? container.IsRunning : verb == "stop" && container.Status is ("exited" or "created" or "dead");
            return new CommandPlan
            {
                Subjects = ["container:" + container.Name],
                Facts = ContainerFacts.Of(container),
                Steps = [nothing ? $"nothing: {container.Name} is {container.Status} already" : $"{verb} {container.Name} ({container.Image}), which is {container.Status}"],
                Refusal = container.Status == "removing" ? $"{container.Name} is being removed" : container.Status == "paused" && Starts
                    ? $"{container.Name} is paused: unpause it first" : null,
                State = container,
            };
        }
        catch (EngineException e)
        {
            return new CommandPlan { Subjects = ["container:" + given], Refusal = e.Status == 404 ? $"there is no container {given}" : e.Message };
        }
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        var before = (ContainerState)plan.State!;
        try
        {
            using EngineClient engine = EngineClient.Open(setup.Roots, setup.Time);
            string patience = verb == "start" ? "" : "?t=" + ((long)context.Time("stop_timeout").TotalSeconds).ToString(CultureInfo.InvariantCulture);
            context.Progress(10, $"{verb} of {before.Name} begun");
            await engine.ActAsync(before.Id, verb + patience, cancellation);
            context.Progress(60, $"{verb} of {before.Name}: the engine is done");
            if (!Starts)
            {
                ContainerState stopped = await engine.InspectAsync(before.Id, cancellation);
                return new CommandOutcome(!stopped.IsRunning, $"{before.Name} is {stopped.Status}, exit code {stopped.ExitCode}", ContainerFacts.Of(stopped));
            }

            (ContainerState after, string? fault) = await ContainerReadiness.WaitAsync(engine, before.Id, context.Time("settle"), setup.Time, cancellation);
            if (fault is null)
            {
                return new CommandOutcome(true, $"{before.Name} is running{(after.Health.Length > 0 ? " and " + after.Health : "")}", ContainerFacts.Of(after));
            }

            string lines = Redaction.Clean(await engine.LogAsync(after, FailureLines, cancellation)).TrimEnd();
            return new CommandOutcome(false, $"{verb} of {before.Name} failed: {fault}. Its last lines:\n{lines}", ContainerFacts.Of(after));
        }
        catch (EngineException e)
        {
            return new CommandOutcome(false, $"{verb} of {before.Name}: {e.Message}");
        }
    }

    public override async ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        using EngineClient engine = EngineClient.Open(setup.Roots, setup.Time);
        ContainerState now = await engine.InspectAsync(before.GetValueOrDefault("id") ?? context.Must("container"), cancellation);
        bool anew = now.StartedAt != before.GetValueOrDefault("started_at");
        Facts facts = ContainerFacts.Of(now);
        if (verb == "stop")
        {
            return now.IsRunning ? null : new CommandOutcome(true, $"{now.Name} is {now.Status}", facts);
        }

        if (!now.IsRunning || (verb == "restart" && !anew))
        {
            return null; // The engine may still be at it: nothing tells a restart that will come from one that never does.
        }

        (now, string? fault) = await ContainerReadiness.WaitAsync(engine, now.Id, TimeSpan.Zero, setup.Time, cancellation);
        return new CommandOutcome(fault is null, fault is null ? $"{now.Name} is running" : $"{now.Name}: {fault}", ContainerFacts.Of(now));
    }

    private static void Add(string verb, string help)
    {
        List<ArgDef> args = [CommandArgs.Name("container", "Its name or id.", required: true)];
        if (verb != "start")
        {
            args.Add(CommandArgs.Duration("stop_timeout", "How long it may take to end by itself before it is killed.", TimeSpan.Zero, TimeSpan.FromMinutes(10), "10s"));
        }

        if (verb != "stop")
        {
            args.Add(CommandArgs.Duration("settle", "How long it must stay up before this counts as done.", TimeSpan.Zero, TimeSpan.FromMinutes(10), "2s"));
        }

        HandlerCatalog.Register(new HandlerDefinition
        {
            Kind = "container." + verb,
            Help = help,
            Changes = true,
            DefaultTimeout = TimeSpan.FromMinutes(3),
            Args = args,
            Create = setup => new ContainerJob(setup, verb),
        });
    }
}
