using System.Buffers.Binary;
using System.Text;

namespace HostAgent.Agent.Systemd;

/// <summary>Reads marshalled values (D-Bus specification, "Marshaling") out of bytes that nobody vouches for: every length is checked against what
/// is there before anything is made of it.</summary>
internal ref struct DBusReader(ReadOnlySpan<byte> bytes, bool bigEndian)
{
    // A boxed value costs ten times its byte on the wire: a hostile answer of a few MiB must not become hundreds.
    private const int MaxValues = 200_000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _values;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _at;

    /// <summary>True when nothing is left.</summary>
    public readonly bool IsAtEnd => _at >= _bytes.Length;

    public void Align(int boundary)
    {
        int aligned = (_at + boundary - 1) / boundary * boundary;
        Take(aligned - _at);
    }

    public byte Byte() => Take(1)[0];

    public uint UInt32()
    {
        Align(4);
        ReadOnlySpan<byte> four = Take(4);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(four) : BinaryPrimitives.ReadUInt32LittleEndian(four);
    }

    public ulong UInt64()
    {
        Align(8);
        ReadOnlySpan<byte> eight = Take(8);
        return bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(eight) : BinaryPrimitives.ReadUInt64LittleEndian(eight);
    }

    /// <summary>A string or an object path.</summary>
    public string String() => Text(UInt32());

    public string Signature() => Text(Byte());

    /// <summary>One value of the single complete type that the signature begins with: bool, long for the whole numbers, ulong for t, double, string,
    /// byte[] for ay, object[] for other arrays and for structs, a dictionary for a{s...}; variants as what they hold.</summary>
    /// <exception cref="DBusFormatException">The bytes do not hold one.</exception>
    public object Value(ReadOnlySpan<char> signature, int depth = 0)
    {
        if (++_values > MaxValues || depth > DBusSignature.MaxDepth)
        {
            throw new DBusFormatException("a message holds too many values or nests them too deeply");
        }

        switch (signature[0])
        {
            case 'y': return (long)Byte();
            case 'b': return UInt32() switch { 0 => false, 1 => true, _ => throw new DBusFormatException("a boolean is neither 0 nor 1") };
            case 'n': return (long)(short)UInt16();
            case 'q': return (long)UInt16();
            case 'i': return (long)(int)UInt32();
            case 'u' or 'h': return (long)UInt32();
            case 'x': return (long)UInt64();
            case 't': return UInt64();
            case 'd': return BitConverter.UInt64BitsToDouble(UInt64());
            case 's' or 'o': return String();
            case 'g': return Signature();
            case 'v': return Variant(depth);
            case 'a': return Array(signature[1..], depth);
            default: return Struct(signature, depth);
        }
    }

    private ushort UInt16()
    {
        Align(2);
        ReadOnlySpan<byte> two = Take(2);
        return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(two) : BinaryPrimitives.ReadUInt16LittleEndian(two);
    }

    private object Variant(int depth)
    {
        string type = Signature();
        return DBusSignature.FirstType(type) == type.Length
            ? Value(type, depth + 1) : throw new DBusFormatException("a variant's signature is not one complete type");
    }

    private object Array(ReadOnlySpan<char> signature, int depth)
    {
        ReadOnlySpan<char> element = signature[..DBusSignature.FirstType(signature)];
        uint length = UInt32();
        Align(DBusSignature.Alignment(element[0]));
        if (length > _bytes.Length - _at)
        {
            throw new DBusFormatException("an array is longer than its message");
        }

        if (element is "y")
        {
            return Take((int)length).ToArray();
        }

        int end = _at + (int)length;
        var dictionary = element[0] == '{' && element[1] is 's' or 'o' ? new Dictionary<string, object>(StringComparer.Ordinal) : null;
        List<object> values = [];
        while (_at < end)
        {
            object value = Value(element, depth + 1);
            if (dictionary is null)
            {
                values.Add(value);
            }
            else
            {
                dictionary[(string)((object[])value)[0]] = ((object[])value)[1];
            }
        }

        return _at == end ? dictionary ?? (object)values.ToArray() : throw new DBusFormatException("an array's last element crosses its end");
    }

    private object[] Struct(ReadOnlySpan<char> signature, int depth)
    {
        if (signature[0] is not ('(' or '{'))
        {
            throw new DBusFormatException("a signature has an unknown type code");
        }

        Align(8);
        List<object> fields = [];
        ReadOnlySpan<char> inner = signature[1..^1];
        while (!inner.IsEmpty)
        {
            int length = DBusSignature.FirstType(inner, depth + 1);
            fields.Add(Value(inner[..length], depth + 1));
            inner = inner[length..];
        }

        return signature[0] == '{' && fields.Count != 2 ? throw new DBusFormatException("a dictionary entry is not a pair") : [.. fields];
    }

    private string Text(uint length)
    {
        ReadOnlySpan<byte> text = length < _bytes.Length - _at ? Take((int)length) : throw new DBusFormatException("a text is longer than its message");
        return Byte() == 0 && !text.Contains((byte)0) ? Encoding.UTF8.GetString(text) : throw new DBusFormatException("a text does not end with its only zero byte");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
        {
            throw new DBusFormatException("a message ends in the middle of a value");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}
