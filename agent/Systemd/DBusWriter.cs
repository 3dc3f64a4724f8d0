using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace HostAgent.Agent.Systemd;

/// <summary>Marshals values, little-endian.</summary>
internal sealed class DBusWriter
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public ReadOnlySpan<byte> Written => CollectionsMarshal.AsSpan(_bytes);

    public DBusWriter Align(int boundary)
    {
        while (_bytes.Count % boundary != 0)
        {
            _bytes.Add(0);
        }

        return this;
    }

    public DBusWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public DBusWriter UInt32(uint value)
    {
        Align(4);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        _bytes.AddRange(four);
        return this;
    }

    public DBusWriter Int32(int value) => UInt32(unchecked((uint)value));

    public DBusWriter Boolean(bool value) => UInt32(value ? 1u : 0u);

    public DBusWriter String(string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        UInt32((uint)text.Length);
        _bytes.AddRange(text);
        return Byte(0);
    }

    public DBusWriter Signature(string value)
    {
        Byte((byte)value.Length);
        _bytes.AddRange(Encoding.ASCII.GetBytes(value));
        return Byte(0);
    }

    /// <summary>An array of strings (as).</summary>
    public DBusWriter Strings(IReadOnlyCollection<string> values)
    {
        Align(4);
        int lengthAt = Length;
        UInt32(0);
        int start = Length;
        foreach (string value in values)
        {
            String(value);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(CollectionsMarshal.AsSpan(_bytes)[lengthAt..], (uint)(Length - start));
        return this;
    }

    public DBusWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
