using HostAgent.Aggregator.Hosts;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>Decides whether a frame is news, late or out of bounds.</summary>
internal sealed class FrameJudge(IngestOptions options, long skewMs)
{
    /// <summary>What becomes of a frame of this time that arrives now; <paramref name="refusal"/> says why it is refused, or is null.</summary>
    public FrameOutcome Judge(long frameUnixMs, long nowUnixMs, bool isLive, out string? refusal)
    {
        long age = nowUnixMs - frameUnixMs;
        refusal = -age > options.MaxFuture.TotalMilliseconds
            ? $"a frame is {TimeSpan.FromMilliseconds(-age):c} in the future (limit {options.MaxFuture:c}): the clock of the host is wrong"
            : age > options.MaxPast.TotalMilliseconds
                ? $"a frame is {TimeSpan.FromMilliseconds(age):c} old (limit {options.MaxPast:c}): the clock of the host is or was wrong"
                : null;
        if (refusal is not null)
        {
            return FrameOutcome.Refused;
        }

        return isLive && age + skewMs <= options.LateAfter.TotalMilliseconds ? FrameOutcome.Present : FrameOutcome.Late;
    }

    /// <summary>The run that a loss entry stands for.</summary>
    /// <exception cref="RefusalException">Its bounds make no sense.</exception>
    public static AccountInterval Judge(ulong epoch, Loss loss)
    {
        if (loss.FirstSequence == 0 || loss.LastSequence < loss.FirstSequence || loss.LastSequence > long.MaxValue)
        {
            throw RefusalException.Invalid("loss", $"a loss of the sequences {loss.FirstSequence} to {loss.LastSequence} makes no sense");
        }

        FrameOutcome outcome = loss.Reason switch
        {
            LossReason.SpoolFull => FrameOutcome.DroppedSpoolFull,
            LossReason.SpoolDamaged => FrameOutcome.DroppedSpoolDamaged,
            LossReason.SpoolFailed => FrameOutcome.DroppedSpoolFailed,
            _ => FrameOutcome.DroppedOther,
        };
        ulong frames = loss.LastSequence - loss.FirstSequence + 1;

        // A clock that was set back makes the last frame older than the first. Refusing that would stop the agent's catching up for ever.
        (long from, long to) = (Math.Min(loss.FirstUnixMs, loss.LastUnixMs), Math.Max(loss.FirstUnixMs, loss.LastUnixMs));
        return new AccountInterval(epoch, outcome, loss.FirstSequence, loss.LastSequence, from, to, frames, Math.Min(loss.Samples, long.MaxValue));
    }
}
