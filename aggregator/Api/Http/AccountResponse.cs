using HostAgent.Aggregator.Hosts;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>What a host produced and what became of it: present + late + dropped + missing = produced. Intervals that overlap the asked-for one
/// stand in full, so the sums are exact for the intervals listed.</summary>
internal sealed record AccountResponse
{
    /// <summary>The host.</summary>
    public required string HostId { get; init; }

    /// <summary>Its name.</summary>
    public required string HostName { get; init; }

    /// <summary>Asked-for interval, RFC 3339.</summary>
    public required string From { get; init; }

    /// <summary>Asked-for interval, RFC 3339.</summary>
    public required string To { get; init; }

    /// <summary>Frames that the host is known to have produced.</summary>
    public required ulong ProducedFrames { get; init; }

    /// <summary>Stored while they were news.</summary>
    public required ulong PresentFrames { get; init; }

    /// <summary>Stored late.</summary>
    public required ulong LateFrames { get; init; }

    /// <summary>Dropped or refused by someone who said so; the intervals say by whom and why.</summary>
    public required ulong DroppedFrames { get; init; }

    /// <summary>Not heard of yet: on their way, or in the host's spool.</summary>
    public required ulong MissingFrames { get; init; }

    /// <summary>Came again and were not stored again, since the aggregator started.</summary>
    public required ulong DuplicateFrames { get; init; }

    /// <summary>Intervals in which an agent died and an unknown number of frames with it.</summary>
    public required int CrashGaps { get; init; }

    /// <summary>Every run of frames with the same outcome.</summary>
    public required IReadOnlyList<AccountIntervalResponse> Intervals { get; init; }

    /// <summary>The sequences that are missing.</summary>
    public required IReadOnlyList<SequenceGap> Missing { get; init; }

    /// <summary>Translates from the directory's view.</summary>
    public static AccountResponse Of(HostView host, HostAccount account, long fromUnixMs, long toUnixMs) => new()
    {
        HostId = account.HostId,
        HostName = host.Name,
        From = ApiTime.Format(fromUnixMs),
        To = ApiTime.Format(toUnixMs),
        ProducedFrames = account.ProducedFrames,
        PresentFrames = account.PresentFrames,
        LateFrames = account.LateFrames,
        DroppedFrames = account.DroppedFrames,
        MissingFrames = account.MissingFrames,
        DuplicateFrames = account.DuplicateFrames,
        CrashGaps = account.CrashGaps,
        Intervals = [.. account.Intervals.Select(AccountIntervalResponse.From)],
        Missing = account.Missing,
    };
}
