using System.Buffers.Binary;
using System.Text;

namespace HostAgent.Protos.Audit;

/// <summary>Walks over the fields of a stored record. Every method throws <see cref="ArgumentException"/> when the bytes end too early.</summary>
internal ref struct AuditFieldReader(ReadOnlySpan<byte> left)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _left = left;

    public readonly bool AtEnd => _left.IsEmpty;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        ReadOnlySpan<byte> taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    public string Text()
    {
        uint length = UInt32();
        return length <= (uint)_left.Length ? Utf8.GetString(Bytes((int)length)) : throw new ArgumentException("a text is longer than the record");
    }
}
