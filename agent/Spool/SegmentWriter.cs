using System.Buffers;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Spool;

/// <summary>Writes one segment. After an <see cref="IOException"/> it only closes: what was written before stays sound. Not thread-safe.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly BatchWriter _batches;
    private readonly ArrayBufferWriter<byte> _record = new(4096);
    private bool _synced = true;

    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public SegmentWriter(string directory, ulong epoch, ulong first)
    {
        Segment = new Segment(Path.Combine(directory, SegmentName.Of(epoch, first)), epoch, first);
        _batches = new BatchWriter(epoch, Timeout.InfiniteTimeSpan);
        _file = File.OpenHandle(Segment.Path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            WriteHeader(Segment.Header);
            Segment.Bytes = SegmentHeader.Length;
        }
        catch
        {
            _file.Dispose();
            File.Delete(Segment.Path);
            throw;
        }
    }

    public Segment Segment { get; }

    /// <summary>True: <see cref="Append"/> failed, so the reader's values and this writer's no longer agree.</summary>
    public bool IsBroken { get; private set; }

    /// <exception cref="IOException">The disk refuses; the segment ends before this frame.</exception>
    public void Append(KeptFrame frame)
    {
        try
        {
            var batches = _batches.Write(frame);
            _record.ResetWrittenCount();
            for (var i = 0; i < batches.Count; i++)
            {
                var length = SegmentRecord.HeadLength + batches[i].CalculateSize();
                var bytes = _record.GetSpan(length)[..length];
                batches[i].WriteTo(bytes[SegmentRecord.HeadLength..]);
                new SegmentRecord(i == batches.Count - 1 ? frame.Sequence : 0, frame.TimeUnixMs, i == batches.Count - 1 ? frame.Samples : 0)
                    .WriteHead(bytes);
                _record.Advance(length);
            }

            _synced = false;
            RandomAccess.Write(_file, _record.WrittenSpan, Segment.Bytes);
        }
        catch (IOException)
        {
            IsBroken = true;
            Truncate();
            throw;
        }

        Segment.Bytes += _record.WrittenCount;
        Segment.Add(new SegmentRecord(frame.Sequence, frame.TimeUnixMs, frame.Samples));
    }

    /// <exception cref="IOException">The disk refuses.</exception>
    public void Sync()
    {
        if (!_synced)
        {
            RandomAccess.FlushToDisk(_file);
            _synced = true;
        }
    }

    /// <summary>Writes what the segment holds into its header. An empty segment is deleted.</summary>
    /// <exception cref="IOException">The disk refuses; the segment reads as one that was not closed.</exception>
    public void Close()
    {
        using (_file)
        {
            if (Segment.Last == 0)
            {
                File.Delete(Segment.Path);
                return;
            }

            WriteHeader(Segment.Header);
            RandomAccess.FlushToDisk(_file);
        }
    }

    public void Dispose() => _file.Dispose();

    private void WriteHeader(SegmentHeader header)
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Length];
        header.Write(bytes);
        RandomAccess.Write(_file, bytes, 0);
    }

    private void Truncate()
    {
        try
        {
            RandomAccess.SetLength(_file, Segment.Bytes);
        }
        catch (IOException)
        {
            // What the failed write left behind is cut at the next start as a torn tail.
        }
    }
}
