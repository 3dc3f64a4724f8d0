using System.Text.Json;
using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A run of consecutive frames of one epoch with the same outcome.</summary>
/// <param name="Outcome">present, late, dropped_spool_full, dropped_spool_damaged, dropped_spool_failed, lost_at_crash, dropped_other or refused.</param>
/// <param name="FirstTime">Time of the first frame, RFC 3339, host's clock.</param>
/// <param name="LastTime">Time of the last frame, RFC 3339, host's clock.</param>
/// <param name="Frames">How many; 0 when unknown.</param>
/// <param name="Samples">How many samples in them; 0 when unknown.</param>
/// <param name="Epoch">The agent process that produced them.</param>
/// <param name="FirstSequence">First frame; 0 when unknown.</param>
/// <param name="LastSequence">Last frame; 0 when unknown.</param>
internal sealed record AccountIntervalResponse(
    string Outcome, string FirstTime, string LastTime, ulong Frames, ulong Samples, ulong Epoch, ulong FirstSequence, ulong LastSequence)
{
    /// <summary>Translates from the directory's view.</summary>
    public static AccountIntervalResponse From(AccountInterval interval) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(interval.Outcome.ToString()),
        ApiTime.Format(interval.FirstUnixMs),
        ApiTime.Format(interval.LastUnixMs),
        interval.Frames,
        interval.Samples,
        interval.Epoch,
        interval.FirstSequence,
        interval.LastSequence);
}
