using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Spool;

/// <summary>Reads the records of a segment one after the other and stops at the first one that is not sound. Not thread-safe.</summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private byte[] _buffer = new byte[64 << 10];

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public SegmentReader(string path)
    {
        _file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        _length = RandomAccess.GetLength(_file);
        Span<byte> head = stackalloc byte[SegmentHeader.Length];
        Header = Fill(head, 0) ? SegmentHeader.Read(head) : null;
        Position = SegmentHeader.Length;
    }

    /// <summary>Null when the header is damaged or of an unknown version.</summary>
    public SegmentHeader? Header { get; }

    /// <summary>Where the next record begins: the end of the last sound one.</summary>
    public long Position { get; private set; }

    /// <summary>True when bytes follow that are no sound record.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The next record; the batch is valid until the next call. False at the end and at damage (<see cref="IsDamaged"/>).</summary>
    /// <exception cref="IOException">The disk does not read.</exception>
    public bool TryRead(out SegmentRecord record, out ReadOnlyMemory<byte> batch)
    {
        (record, batch) = (default, default);
        if (IsDamaged || Position >= _length)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[SegmentRecord.HeadLength];
        if (!Fill(head, Position) || SegmentRecord.BatchLength(head) is not { } length
            || Position + SegmentRecord.HeadLength + length > _length)
        {
            IsDamaged = true;
            return false;
        }

        var whole = SegmentRecord.HeadLength + length;
        if (_buffer.Length < whole)
        {
            _buffer = new byte[whole];
        }

        if (!Fill(_buffer.AsSpan(0, whole), Position) || SegmentRecord.Read(_buffer.AsSpan(0, whole)) is not { } sound)
        {
            IsDamaged = true;
            return false;
        }

        record = sound;
        batch = _buffer.AsMemory(SegmentRecord.HeadLength, length);
        Position += whole;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private bool Fill(Span<byte> bytes, long at)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_file, bytes, at);
            if (read == 0)
            {
                return false;
            }

            bytes = bytes[read..];
            at += read;
        }

        return true;
    }
}
