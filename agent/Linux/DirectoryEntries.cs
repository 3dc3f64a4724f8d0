using System.Buffers.Binary;

namespace HostAgent.Agent.Linux;

/// <summary>Walks the entries that <see cref="GetdentsCall"/> has read.</summary>
/// <remarks>struct linux_dirent64: inode (8 bytes), offset (8), length of the record (2), type (1), name and a zero byte. See getdents64(2).</remarks>
internal ref struct DirectoryEntries(ReadOnlySpan<byte> bytes)
{
    private const int LengthAt = 16;
    private const int NameAt = 19;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Takes the next name, its zero byte (and what pads it) included; false at the end.</summary>
    public bool Next(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (_rest.Length <= NameAt)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest[LengthAt..]);
        if (length <= NameAt || length > _rest.Length)
        {
            return false;
        }

        name = _rest[NameAt..length];
        _rest = _rest[length..];
        return true;
    }
}
