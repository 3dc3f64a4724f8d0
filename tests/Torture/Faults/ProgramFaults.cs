using HostAgent.TestSupport.Processes;
using HostAgent.Torture.Lanes;
using HostAgent.Torture.Subjects;

namespace HostAgent.Torture.Faults;

/// <summary>What happens to the two programs: killed, asked to end, stopped for a while.</summary>
internal static class ProgramFaults
{
    /// <summary>Faults of the aggregator.</summary>
    public static IReadOnlyList<Fault> Of(AggregatorSubject aggregator) =>
    [
        new("kill -9 aggregator", 60, async moment =>
        {
            aggregator.MustRun();
            TimeSpan down = moment.Between(0, 1.5);
            moment.Say($"(down {down.TotalSeconds:0.00} s)");
            await aggregator.KillAsync();
            await moment.WaitAsync(down);
            await aggregator.StartAsync();
        }),
        new("SIGTERM aggregator", 10, async moment =>
        {
            aggregator.MustRun();
            TimeSpan down = moment.Between(0, 1.5);
            moment.Say($"(down {down.TotalSeconds:0.00} s)");
            long from = Environment.TickCount64;
            (int code, TimeSpan took) = await aggregator.Process.TerminateAsync(TimeSpan.FromSeconds(20));
            if (!aggregator.DiskWasInTroubleSince(from) && (code != 0 || took > TimeSpan.FromSeconds(5)))
            {
                throw new InvalidOperationException(
                    $"the aggregator took {took.TotalSeconds:0.0} s to end after SIGTERM, exit code {code}:\n{aggregator.Process.Tail()}");
            }

            await moment.WaitAsync(down);
            await aggregator.StartAsync();
        }),
        new("aggregator away for long", 3, async moment =>
        {
            aggregator.MustRun();
            TimeSpan down = moment.Between(10, 20);
            moment.Say($"({down.TotalSeconds:0.0} s)");
            await aggregator.KillAsync();
            await moment.WaitAsync(down);
            await aggregator.StartAsync();
        }),
        new("SIGSTOP aggregator", 12, moment => PauseAsync(moment, aggregator.Process)),
    ];

    /// <summary>Faults of an agent.</summary>
    public static IReadOnlyList<Fault> Of(AgentSubject agent, AggregatorSubject aggregator) =>
    [
        new("kill -9 agent", 55, async moment =>
        {
            TimeSpan down = moment.Between(0, 1);
            moment.Say($"(down {down.TotalSeconds:0.00} s)");
            await agent.KillAsync();
            await moment.WaitAsync(down);
            agent.Start(aggregator.CaFile);
        }),
        new("kill -9 agent twice", 10, async moment =>
        {
            TimeSpan alive = moment.Between(0, 0.4);
            moment.Say($"and again after {alive.TotalSeconds:0.00} s");
            await agent.KillAsync();
            agent.Start(aggregator.CaFile);
            await moment.WaitAsync(alive);
            await agent.KillAsync();
            agent.Start(aggregator.CaFile);
        }),
        new("SIGTERM agent", 20, async moment =>
        {
            TimeSpan down = moment.Between(0, 2);
            moment.Say($"(down {down.TotalSeconds:0.00} s)");
            await agent.TerminateAsync();
            await moment.WaitAsync(down);
            agent.Start(aggregator.CaFile);
        }),
        new("SIGSTOP agent", 15, moment => PauseAsync(moment, agent.Process)),
    ];

    private static async Task PauseAsync(FaultMoment moment, ChildProcess process)
    {
        TimeSpan pause = moment.Between(0.2, 5);
        moment.Say($"for {pause.TotalSeconds:0.00} s");
        process.Send(UnixSignal.Stop);
        await moment.WaitAsync(pause);
        process.Send(UnixSignal.Continue);
    }
}
