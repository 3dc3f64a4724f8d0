using System.Runtime.CompilerServices;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>sampler.set-interval</c>: reads a sampler more or less often until the agent starts anew, which then goes by its settings.</summary>
internal sealed class SamplerSetInterval(HandlerSetup setup) : CommandHandler
{
    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "sampler.set-interval",
        Help = "Reads a sampler at another interval until the agent starts anew.",
        Changes = true,
        Args =
        [
            CommandArgs.Name("sampler", "The sampler.", required: true),
            CommandArgs.Duration("interval", "Time between two readings; a multiple of the time between two ticks.", SamplingOptions.MinInterval, SamplingOptions.MaxInterval, required: true),
        ],
        Create = static setup => new SamplerSetInterval(setup),
    });

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        string name = context.Must("sampler");
        var plan = new CommandPlan { Subjects = ["sampler:" + name] };
        if (setup.Agent is not { } agent)
        {
            return ValueTask.FromResult(plan with { Refusal = "no agent runs here" });
        }

        if (!agent.SamplerIntervals.TryGetValue(name, out TimeSpan now))
        {
            return ValueTask.FromResult(plan with { Refusal = $"no sampler {name} runs; there are: {string.Join(", ", agent.SamplerIntervals.Keys.Order(StringComparer.Ordinal))}" });
        }

        var facts = new Facts();
        facts.Set("interval_ms", (long)now.TotalMilliseconds);
        return ValueTask.FromResult(plan with
        {
            Facts = facts,
            Steps = [$"read {name} every {context.Must("interval")} instead of every {now.TotalSeconds:0.###}s"],
            Refusal = context.Time("interval").Ticks % agent.TickInterval.Ticks == 0
                ? null : $"{context.Must("interval")} is not a multiple of the time between two ticks, {agent.TickInterval.TotalSeconds:0.###}s",
        });
    }

    public override ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        try
        {
            setup.Agent!.SetSamplerInterval(context.Must("sampler"), context.Time("interval"));
        }
        catch (ArgumentException e)
        {
            return ValueTask.FromResult(new CommandOutcome(false, e.Message));
        }

        var results = new Facts();
        results.Set("interval_ms", (long)context.Time("interval").TotalMilliseconds);
        return ValueTask.FromResult(new CommandOutcome(true, $"{context.Must("sampler")} is read every {context.Must("interval")} from now on", results));
    }

    public override ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
        => ValueTask.FromResult<CommandOutcome?>(new CommandOutcome(false, "the agent has started anew and goes by its settings"));
}
