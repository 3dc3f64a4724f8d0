using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Spool;

/// <summary>
/// What an earlier run left: closed segments are taken by their header, an open one is read through, its torn tail cut off and the
/// segment closed; what does not read is quarantined. Everything that is missing becomes a loss.
/// </summary>
internal sealed partial class SegmentRecovery(SpoolDirectory directory, ILogger log)
{
    public List<Segment> Segments { get; } = [];

    public List<LossRange> Losses { get; } = [];

    /// <summary>Segments put aside.</summary>
    public int Damaged { get; private set; }

    public void Run()
    {
        var paths = directory.SegmentPaths();
        for (var i = 0; i < paths.Length; i++)
        {
            if (!SegmentName.TryParse(Path.GetFileName(paths[i]), out var epoch, out var first) || first == 0)
            {
                directory.Quarantine(paths[i]);
                Damaged++;
                continue;
            }

            // The last sequence that a segment of unknown end can have had: the one before the next segment of its epoch.
            var limit = i + 1 < paths.Length && SegmentName.TryParse(Path.GetFileName(paths[i + 1]), out var nextEpoch, out var nextFirst)
                && nextEpoch == epoch && nextFirst > first ? nextFirst - 1 : (ulong?)null;
            try
            {
                Recover(new Segment(paths[i], epoch, first), limit);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(log, paths[i], error.Message);
                PutAside(new Segment(paths[i], epoch, first), limit ?? first);
            }
        }
    }

    private void Recover(Segment segment, ulong? limit)
    {
        using var reader = new SegmentReader(segment.Path);
        segment.Bytes = new FileInfo(segment.Path).Length;
        if (reader.Header is { Last: > 0 } header && header.Epoch == segment.Epoch && header.First == segment.First && header.Last >= header.First)
        {
            (segment.Last, segment.FirstUnixMs, segment.LastUnixMs, segment.Samples) =
                (header.Last, header.FirstUnixMs, header.LastUnixMs, header.Samples);
            Segments.Add(segment);
            return;
        }

        var sound = reader.Position;
        while (reader.TryRead(out var record, out _) && CanFollow(segment, record))
        {
            segment.Add(record);
            sound = reader.Position;
        }

        if (segment.Last == 0)
        {
            if (segment.Bytes > SegmentHeader.Length || reader.Header is null)
            {
                PutAside(segment, limit ?? segment.First);
            }
            else
            {
                File.Delete(segment.Path); // the agent died between creating it and the first record: nothing was in it
            }

            return;
        }

        if (sound < segment.Bytes)
        {
            // At least the frame that began here is gone; if another segment follows, all that it does not have.
            var last = Math.Max(segment.Last + 1, limit ?? 0);
            Losses.Add(new LossRange(segment.Epoch, segment.Last + 1, last, segment.LastUnixMs, segment.LastUnixMs, 0, LossReason.SpoolDamaged));
            LogTornTail(log, segment.Path, segment.Bytes - sound, segment.Last + 1, last);
        }

        Close(segment, sound);
        Segments.Add(segment);
    }

    /// <summary>Frames of a segment ascend. A checksum that fits proves that a record was written so, not that it was written here.</summary>
    private static bool CanFollow(Segment segment, SegmentRecord record) => record.Samples >= 0
        && (record.Sequence == 0 || (record.Sequence >= segment.First && record.Sequence > segment.Last && record.Sequence < ulong.MaxValue));

    /// <summary>Cuts what follows the last sound record and writes the header that the dead run could not write.</summary>
    private static void Close(Segment segment, long length)
    {
        using var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, length);
        Span<byte> header = stackalloc byte[SegmentHeader.Length];
        segment.Header.Write(header);
        RandomAccess.Write(file, header, 0);
        RandomAccess.FlushToDisk(file);
        segment.Bytes = length;
    }

    private void PutAside(Segment segment, ulong last)
    {
        var time = new DateTimeOffset(File.GetLastWriteTimeUtc(segment.Path)).ToUnixTimeMilliseconds();
        Losses.Add(new LossRange(segment.Epoch, segment.First, last, time, time, 0, LossReason.SpoolDamaged));
        directory.Quarantine(segment.Path);
        Damaged++;
    }

    [LoggerMessage(11, LogLevel.Error, "Cannot read {Path}: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string path, string reason);

    [LoggerMessage(12, LogLevel.Warning, "{Path} ends in {Bytes} bytes that are no whole record: cut off, sequences {First} to {Last} are reported as lost")]
    private static partial void LogTornTail(ILogger log, string path, long bytes, ulong first, ulong last);
}
