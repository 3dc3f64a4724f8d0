namespace HostAgent.Torture.Verification;

/// <summary>Consecutive frames of one epoch with the same outcome, as the aggregator's account lists them.</summary>
/// <param name="Epoch">Of the agent process.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Reason">The account's own word for the outcome.</param>
/// <param name="FirstSequence">First frame; 0 when unknown.</param>
/// <param name="LastSequence">Last frame; 0 when unknown.</param>
/// <param name="FirstUnixMs">Time of the first frame.</param>
/// <param name="LastUnixMs">Time of the last frame.</param>
/// <param name="Frames">How many; 0 when unknown.</param>
/// <param name="Samples">How many samples; 0 when unknown.</param>
internal sealed record AccountRun(
    ulong Epoch, RunOutcome Outcome, string Reason, ulong FirstSequence, ulong LastSequence, long FirstUnixMs, long LastUnixMs, ulong Frames, ulong Samples)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Reason} {Epoch}/{FirstSequence}..{LastSequence} ({Frames} frames)";
}
