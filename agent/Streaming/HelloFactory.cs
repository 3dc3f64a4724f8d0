using HostAgent.Agent.Spool;
using HostAgent.V1;

namespace HostAgent.Agent.Streaming;

/// <summary>Writes the first message of a call.</summary>
internal static class HelloFactory
{
    public static Hello Live(HostIdentity identity, ulong epoch, TimeSpan maxAckDelay, IEnumerable<EndedEpoch> ended)
    {
        var hello = Make(identity, epoch, Lane.Live);
        hello.MaxAckDelayMs = (uint)maxAckDelay.TotalMilliseconds;
        hello.EndedEpochs.Add(ended.Select(one => new EpochEnd { Epoch = one.Epoch, LastSequence = one.Last, Clean = one.Clean }));
        return hello;
    }

    public static Hello Backfill(HostIdentity identity, ulong epoch) => Make(identity, epoch, Lane.Backfill);

    private static Hello Make(HostIdentity identity, ulong epoch, Lane lane)
    {
        var hello = new Hello
        {
            HostId = identity.HostId,
            HostName = identity.HostName,
            AgentVersion = identity.AgentVersion,
            BootId = identity.BootId,
            Lane = lane,
            Epoch = epoch,
        };
        hello.Labels.Add(identity.Labels.Select(label => new Label { Name = label.Key, Value = label.Value }));
        return hello;
    }
}
