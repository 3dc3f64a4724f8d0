using System.Buffers.Binary;
using System.Text;

namespace HostAgent.Agent.Databases;

/// <summary>Reads the content of one message from the server; every length is checked against what is there.</summary>
internal ref struct PostgresFields(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public int Int16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public byte Byte() => Take(1)[0];

    /// <summary>A text that a zero byte ends.</summary>
    public string Text()
    {
        int end = _rest.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(Take(end < 0 ? int.MaxValue : end));
        Take(1);
        return text;
    }

    public string Rest() => Encoding.UTF8.GetString(Take(_rest.Length));

    /// <summary>The columns of a DataRow; null for NULL.</summary>
    public string?[] Row()
    {
        var columns = new string?[Int16()];
        for (int i = 0; i < columns.Length; i++)
        {
            int length = Int32();
            columns[i] = length == -1 ? null : Encoding.UTF8.GetString(Take(length));
        }

        return columns;
    }

    /// <summary>SQLSTATE and text of an ErrorResponse.</summary>
    public (string State, string Text) Error()
    {
        string state = "", text = "";
        while (!IsAtEnd && Byte() is var code && code != 0)
        {
            string value = Text();
            state = code == (byte)'C' ? value : state;
            text = code == (byte)'M' ? value : text;
        }

        return (state, string.Concat(text.Take(500).Select(static c => char.IsControl(c) ? ' ' : c)));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new DatabaseException("the server's message is none of PostgreSQL's");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
