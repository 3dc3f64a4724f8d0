namespace HostAgent.Torture.Verification;

/// <summary>A frame that an agent produced, as its trace says.</summary>
/// <param name="Epoch">Of the agent process.</param>
/// <param name="Sequence">Within the epoch, from 1.</param>
/// <param name="TimeUnixMs">The instant of its samples.</param>
/// <param name="Samples">How many samples it holds.</param>
internal sealed record TraceFrame(ulong Epoch, ulong Sequence, long TimeUnixMs, int Samples)
{
    /// <summary>What names the frame within its host.</summary>
    public FrameKey Key => new(Epoch, Sequence);
}
