using HostAgent.Agent.Spool;

namespace HostAgent.Agent.Streaming;

/// <summary>A frame of a segment, or a loss, that was sent on the backfill lane and waits for its acknowledgement.</summary>
internal readonly record struct BackfillItem(ulong Epoch, ulong Sequence, Segment? Segment, LossRange? Loss, int Bytes);
