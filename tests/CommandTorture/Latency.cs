using System.Collections.Concurrent;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Streaming;
using HostAgent.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.CommandTorture;

/// <summary>How long it takes from an order that is received until its handler begins: checks, plan, policy, budget and the fsync of the intent.</summary>
internal static class Latency
{
    private const string Kind = "torture.begin";

    /// <summary>Measures <paramref name="orders"/> one after the other and prints the percentiles.</summary>
    public static async Task<int> MeasureAsync(int orders, string directory)
    {
        Directory.CreateDirectory(directory);
        string policy = Path.Combine(directory, "commands.yaml");
        await File.WriteAllTextAsync(policy, "allow: [{ kinds: [\"torture.*\"], subjects: [\"path:*\"], budget: { max: 10000, per: 24h } }]");
        var begun = new ConcurrentDictionary<string, long>();
        HandlerCatalog.Register(new HandlerDefinition { Kind = Kind, Help = "Says when it began.", Changes = true, Create = _ => new Begins(begun) });
        var identity = new HostIdentity(Victim.HostId, "latency", "boot", "0.0", []);
        using CommandStage stage = CommandStage.Run(
            new CommandOptions { PolicyFile = policy, OperatorsDirectory = directory, MaxJournalCommands = 65536, MaxJournalBytes = 64 << 20 }, directory, identity,
            new StreamingOptions(), null, TimeProvider.System, NullLogger.Instance);
        var took = new List<double>();
        for (int i = 0; i < orders; i++)
        {
            CommandOrder order = Run.Order(Kind);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            long given = TimeProvider.System.GetTimestamp();
            stage.Executor.Submit(order, CommandOrigin.Aggregator, report =>
            {
                if (report.State >= CommandState.Succeeded)
                {
                    ended.TrySetResult();
                }
            });
            await ended.Task;
            took.Add(TimeProvider.System.GetElapsedTime(given, begun[order.Body.CommandId]).TotalMilliseconds);
        }

        // The first ones are compiled while they run.
        double[] sorted = [.. took.Skip(orders / 10).Order()];
        Console.WriteLine(FormattableString.Invariant(
            $"order received -> handler begins, {sorted.Length} orders with fsync: p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms, max {sorted[^1]:0.00} ms"));
        return 0;

        double At(double part) => sorted[(int)(part * (sorted.Length - 1))];
    }

    private sealed class Begins(ConcurrentDictionary<string, long> begun) : CommandHandler
    {
        public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
            => ValueTask.FromResult(new CommandPlan { Subjects = ["path:/x"] });

        public override ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
        {
            begun[context.CommandId] = TimeProvider.System.GetTimestamp();
            return ValueTask.FromResult(new CommandOutcome(true, "begun"));
        }
    }
}
