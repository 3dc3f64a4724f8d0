using System.Buffers.Binary;
using Google.Protobuf;
using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest.Journal;

/// <summary>Builds one journal row (FORMAT.md). The buffer is kept from row to row. Not thread-safe.</summary>
internal sealed class JournalRowWriter
{
    private byte[] _buffer = new byte[64 << 10];
    private int _length;

    public JournalRowWriter() => Reset();

    /// <summary>Bytes so far.</summary>
    public int Length => _length;

    public bool IsEmpty => _length == 1;

    public void Reset()
    {
        _buffer[0] = JournalRecordKind.Version;
        _length = 1;
    }

    public void OpenSection(long section, Hello hello, Batch baseline)
    {
        Head(JournalRecordKind.Open, section);
        Message(hello);
        Message(baseline);
    }

    public void Batch(long section, Batch batch, IReadOnlyList<(int Count, FrameOutcome Outcome)> runs)
    {
        Head(JournalRecordKind.Batch, section);
        Number((ulong)runs.Count);
        foreach ((int count, FrameOutcome outcome) in runs)
        {
            Number((ulong)count);
            Ensure(1);
            _buffer[_length++] = (byte)outcome;
        }

        Message(batch);
    }

    public void SealSection(long section) => Head(JournalRecordKind.Sealed, section);

    /// <summary>The whole row; valid until <see cref="Reset"/>. Call once.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        Ensure(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), Crc32C.Of(_buffer.AsSpan(0, _length)));
        _length += 4;
        return _buffer.AsMemory(0, _length);
    }

    private void Head(int kind, long section)
    {
        Number((ulong)kind);
        Number((ulong)section);
    }

    private void Message(IMessage message)
    {
        int size = message.CalculateSize();
        Number((ulong)size);
        Ensure(size);
        message.WriteTo(_buffer.AsSpan(_length, size));
        _length += size;
    }

    private void Number(ulong value)
    {
        Ensure(Varint.MaxBytes);
        Varint.Write(_buffer, ref _length, value);
    }

    private void Ensure(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
        }
    }
}
