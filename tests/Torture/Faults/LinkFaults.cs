using HostAgent.TestSupport.Faults;
using HostAgent.Torture.Lanes;

namespace HostAgent.Torture.Faults;

/// <summary>What happens to the link between an agent and the aggregator.</summary>
internal static class LinkFaults
{
    /// <summary>Faults of one link.</summary>
    public static IReadOnlyList<Fault> Of(TcpFaultProxy link) =>
    [
        new("link cut", 30, moment =>
        {
            moment.Say($"{link.Cut()} connections");
            return Task.CompletedTask;
        }),
        new("link half-open", 15, moment =>
        {
            moment.Say($"{link.MakeHalfOpen()} connections");
            return Task.CompletedTask;
        }),
        new("link frozen", 15, moment => DuringAsync(moment, link, new LinkFault(Frozen: true), 0.5, 6)),
        new("link refuses", 15, moment =>
        {
            link.Cut();
            return DuringAsync(moment, link, new LinkFault(Refusing: true), 1, 12);
        }),
        new("link slow", 10, moment => DuringAsync(moment, link, new LinkFault(BytesPerSecond: moment.Random.Next(500, 20_000)), 1, 8)),
        new("link late", 10, moment => DuringAsync(moment, link, new LinkFault(Delay: moment.Between(0.05, 0.8)), 1, 8)),
    ];

    private static async Task DuringAsync(FaultMoment moment, TcpFaultProxy link, LinkFault fault, double least, double most)
    {
        TimeSpan duration = moment.Between(least, most);
        moment.Say($"for {duration.TotalSeconds:0.00} s: {fault}");
        link.Fault = fault;
        await moment.WaitAsync(duration);
        link.Fault = LinkFault.None;
    }
}
