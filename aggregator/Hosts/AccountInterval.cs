namespace HostAgent.Aggregator.Hosts;

/// <summary>A run of consecutive sequences of one epoch that had the same outcome; runs of stored frames are cut at every full UTC hour.</summary>
/// <param name="Epoch">Of the agent process that produced them.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="FirstSequence">First frame; 0 when unknown.</param>
/// <param name="LastSequence">Last frame; 0 when unknown.</param>
/// <param name="FirstUnixMs">Time of the first frame, host's clock.</param>
/// <param name="LastUnixMs">Time of the last frame, host's clock.</param>
/// <param name="Frames">How many frames; 0 when unknown.</param>
/// <param name="Samples">How many samples; 0 when unknown.</param>
public sealed record AccountInterval(
    ulong Epoch, FrameOutcome Outcome, ulong FirstSequence, ulong LastSequence, long FirstUnixMs, long LastUnixMs, ulong Frames, ulong Samples);
