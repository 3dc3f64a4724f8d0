using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace HostAgent.Agent.Databases;

/// <summary>Messages to the server (PostgreSQL manual, "Frontend/Backend Protocol", "Message Formats"), gathered and sent in one piece.</summary>
internal sealed class PostgresMessages
{
    private readonly List<byte> _bytes = [];
    private int _lengthAt;

    public ReadOnlyMemory<byte> Bytes => _bytes.ToArray();

    /// <summary>Begins a message; 0 for the first ones of a connection, which have no type.</summary>
    public PostgresMessages Begin(char type)
    {
        if (type != 0)
        {
            _bytes.Add((byte)type);
        }

        _lengthAt = _bytes.Count;
        return Int32(0);
    }

    public PostgresMessages End()
    {
        BinaryPrimitives.WriteInt32BigEndian(CollectionsMarshal.AsSpan(_bytes)[_lengthAt..], _bytes.Count - _lengthAt);
        return this;
    }

    public PostgresMessages Int32(int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, value);
        _bytes.AddRange(four);
        return this;
    }

    public PostgresMessages Int16(short value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(two, value);
        _bytes.AddRange(two);
        return this;
    }

    /// <summary>A text and its zero byte.</summary>
    /// <exception cref="DatabaseException">It holds a zero byte itself.</exception>
    public PostgresMessages Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new DatabaseException("a text for PostgreSQL holds a zero byte");
        }

        return Raw(Encoding.UTF8.GetBytes(text)).Raw([0]);
    }

    public PostgresMessages Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
