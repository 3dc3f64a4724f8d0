using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Cli.Api;

/// <summary>Every field of an order, as the aggregator would send it.</summary>
internal sealed record OrderView(
    string CommandId, string Kind, IReadOnlyDictionary<string, string> Args, IReadOnlyList<string> Targets, IReadOnlyList<string> TargetNames,
    long NotBeforeUnixMs, long NotAfterUnixMs, uint TimeoutMs, string Precondition, bool DryRun)
{
    /// <summary>What is signed: built here from the fields, in canonical order.</summary>
    public OrderBody ToBody()
    {
        var body = new OrderBody
        {
            CommandId = CommandId,
            Kind = Kind,
            NotBeforeUnixMs = NotBeforeUnixMs,
            NotAfterUnixMs = NotAfterUnixMs,
            TimeoutMs = TimeoutMs,
            Precondition = Precondition,
            DryRun = DryRun,
        };
        body.Args.AddRange(Args.Select(static a => new Arg { Name = a.Key, Value = a.Value }));
        body.Targets.AddRange(Targets);
        CanonicalOrder.Sort(body);
        return body;
    }
}
