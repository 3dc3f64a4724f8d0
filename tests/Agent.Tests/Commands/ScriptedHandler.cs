using HostAgent.Agent.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>A kind that does what the test says and counts what it did.</summary>
internal sealed class ScriptedHandler(string kind, bool changes = true) : CommandHandler
{
    private int _runs;
    private int _plans;
    private int _reconciled;

    public int Runs => Volatile.Read(ref _runs);

    public int Plans => Volatile.Read(ref _plans);

    public int Reconciled => Volatile.Read(ref _reconciled);

    public Func<CommandContext, CommandPlan> OnPlan { get; set; } = context => new CommandPlan
    {
        Subjects = [$"unit:{context.Arg("unit")}"],
        Facts = new Dictionary<string, string> { ["active_state"] = "failed" },
        Steps = [$"restart {context.Arg("unit")}"],
    };

    public Func<CommandContext, CancellationToken, Task<CommandOutcome>> OnRun { get; set; } =
        static (_, _) => Task.FromResult(new CommandOutcome(true, "done", new Dictionary<string, string> { ["active_state"] = "active" }));

    public Func<CommandContext, IReadOnlyDictionary<string, string>, CommandOutcome?> OnReconcile { get; set; } = static (_, _) => null;

    public HandlerDefinition Definition => new()
    {
        Kind = kind,
        Help = "A kind for tests.",
        Changes = changes,
        Signatures = Signatures,
        Args =
        [
            new ArgDef { Name = "unit", Help = "The unit.", Type = ArgType.Name, Required = true },
            new ArgDef { Name = "password", Help = "A secret.", Type = ArgType.Text, Secret = true },
        ],
        Create = _ => this,
    };

    public int Signatures { get; init; }

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _plans);
        return ValueTask.FromResult(OnPlan(context));
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _runs);
        return await OnRun(context, cancellation);
    }

    public override ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reconciled);
        return ValueTask.FromResult(OnReconcile(context, before));
    }
}
