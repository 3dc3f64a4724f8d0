using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Commands;

/// <summary>Says what a command may do next: whom to send it to, whether its next batch begins, whether it must stop.</summary>
internal sealed class RolloutJudge(QueryEngine engine, IHostDirectory hosts)
{
    private static readonly RolloutPlan AllAtOnce = new();

    /// <summary>The next step of an open command; under the table's lock.</summary>
    public Step Next(Command command, Predicate<string> attached, long nowUnixMs)
    {
        CommandRecord record = command.Record;
        if (record.Stopped is not null || record.Cancelled is not null || nowUnixMs < record.NotBeforeUnixMs || nowUnixMs > record.NotAfterUnixMs)
        {
            return Step.Nothing;
        }

        RolloutPlan plan = record.Rollout ?? AllAtOnce;
        int total = command.Runs.Count;
        int bad = command.Runs.Count(static run => run.IsBad);
        if (bad > plan.ErrorsAllowed(total))
        {
            return new Step([], $"{bad} of {total} hosts ended badly, {plan.ErrorsAllowed(total)} may", false);
        }

        IReadOnlyList<int> bounds = plan.Bounds(total);
        int batch = Math.Min(record.Batch, bounds.Count - 2);
        HostRun[] current = [.. command.Runs.Take(bounds[batch + 1]).Skip(bounds[batch])];
        if (batch < bounds.Count - 2 && current.All(static run => run.IsSettled))
        {
            return BetweenBatches(command, plan, bounds[batch + 1], nowUnixMs);
        }

        int room = plan.MaxConcurrent == 0 ? int.MaxValue : plan.MaxConcurrent - command.Runs.Count(static run => run.IsInFlight);
        HostRun[] send = [.. current.Where(run => !run.Record.Sent && !run.IsFinal && attached(run.HostId)).Take(Math.Max(0, room))];
        return new Step(send, null, false);
    }

    private Step BetweenBatches(Command command, RolloutPlan plan, int done, long nowUnixMs)
    {
        if (command.BatchSettledUnixMs == 0)
        {
            command.BatchSettledUnixMs = nowUnixMs;
        }

        long probeFrom = command.BatchSettledUnixMs + plan.PauseMs;
        if (nowUnixMs < probeFrom)
        {
            return Step.Nothing;
        }

        string? against = plan.Probe is null ? null : Against(ProbeCondition.Parse(plan.Probe), command.Runs.Take(done), nowUnixMs);
        return against is null ? new Step([], null, true)
            : nowUnixMs > probeFrom + plan.ProbeWithinMs ? new Step([], $"the probe {plan.Probe} does not hold after {done} hosts: {against}", false)
            : Step.Nothing;
    }

    private string? Against(ProbeCondition probe, IEnumerable<HostRun> done, long nowUnixMs)
    {
        if (probe.Selector is not null)
        {
            try
            {
                return probe.Against(engine, nowUnixMs);
            }
            catch (QueryLimitException e)
            {
                return e.Message;
            }
        }

        HostRun? away = done.FirstOrDefault(run => hosts.Find(run.HostId) is not { Liveness: Liveness.Up });
        return away is null ? null : $"{away.Name} is not up";
    }

    /// <summary>What happens now.</summary>
    /// <param name="Send">Runs whose orders go out.</param>
    /// <param name="Stop">Why nothing more is sent; null = it goes on.</param>
    /// <param name="NextBatch">The next batch begins.</param>
    public sealed record Step(IReadOnlyList<HostRun> Send, string? Stop, bool NextBatch)
    {
        /// <summary>Nothing now.</summary>
        public static readonly Step Nothing = new([], null, false);
    }
}
