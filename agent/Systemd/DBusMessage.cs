using System.Buffers.Binary;

namespace HostAgent.Agent.Systemd;

/// <summary>One message (D-Bus specification, "Message Format").</summary>
internal sealed class DBusMessage
{
    /// <summary>Bytes of the part of the header that tells how long the whole is.</summary>
    public const int FixedBytes = 16;

    /// <summary>Largest message taken from the other side: 8 MiB. (The specification's limit is 128 MiB; ten thousand units make 3 MiB.)</summary>
    public const int MaxBytes = 8 << 20;

    public const byte MethodCall = 1;
    public const byte MethodReturn = 2;
    public const byte Error = 3;
    public const byte Signal = 4;

    public byte Type { get; private init; }

    public uint ReplySerial { get; private init; }

    public string Path { get; private init; } = "";

    public string Interface { get; private init; } = "";

    public string Member { get; private init; } = "";

    public string ErrorName { get; private init; } = "";

    public string Signature { get; private init; } = "";

    private byte[] Bytes { get; init; } = [];

    private int BodyAt { get; init; }

    private bool BigEndian { get; init; }

    /// <summary>The length of the whole message, from its first 16 bytes.</summary>
    /// <exception cref="DBusFormatException">They begin no message, or one that is too long.</exception>
    public static int TotalBytes(ReadOnlySpan<byte> start)
    {
        if (start.Length < FixedBytes || start[0] is not ((byte)'l' or (byte)'B') || start[3] != 1)
        {
            throw new DBusFormatException("the bytes begin no D-Bus message");
        }

        bool big = start[0] == (byte)'B';
        long body = Number(start[4..], big);
        long fields = Number(start[12..], big);
        long total = FixedBytes + ((fields + 7) / 8 * 8) + body;
        return total <= MaxBytes ? (int)total : throw new DBusFormatException($"a message of {total} bytes is over the limit of {MaxBytes}");
    }

    /// <summary>Parses a whole message.</summary>
    /// <exception cref="DBusFormatException">It is none.</exception>
    public static DBusMessage Parse(byte[] bytes)
    {
        if (TotalBytes(bytes) != bytes.Length)
        {
            throw new DBusFormatException("a message is not as long as it says");
        }

        bool big = bytes[0] == (byte)'B';
        var reader = new DBusReader(bytes, big);
        reader.Align(1);
        for (int i = 0; i < 3; i++)
        {
            reader.UInt32();
        }

        uint replySerial = 0;
        string[] texts = new string[10];
        int end = FixedBytes + (int)reader.UInt32();
        while (reader.Position < end)
        {
            reader.Align(8);
            byte code = reader.Byte();
            string type = reader.Signature();
            if (DBusSignature.FirstType(type) != type.Length)
            {
                throw new DBusFormatException("a header field's signature is not one complete type");
            }

            object value = reader.Value(type);
            if (code == 5)
            {
                replySerial = value is long serial ? (uint)serial : throw new DBusFormatException("a reply serial is no number");
            }
            else if (code is 1 or 2 or 3 or 4 or 8)
            {
                texts[code] = value as string ?? throw new DBusFormatException($"header field {code} is no text");
            }
        }

        return reader.Position != end ? throw new DBusFormatException("the header fields cross their end") : new DBusMessage
        {
            Type = bytes[1],
            ReplySerial = replySerial,
            Path = texts[1] ?? "",
            Interface = texts[2] ?? "",
            Member = texts[3] ?? "",
            ErrorName = texts[4] ?? "",
            Signature = texts[8] ?? "",
            Bytes = bytes,
            BodyAt = (end + 7) / 8 * 8,
            BigEndian = big,
        };
    }

    /// <summary>The bytes of a method call.</summary>
    public static byte[] Call(uint serial, string? destination, string path, string @interface, string member, string signature, DBusWriter? body)
    {
        var fields = new DBusWriter();
        Field(fields, 1, "o", path);
        Field(fields, 2, "s", @interface);
        Field(fields, 3, "s", member);
        if (destination is not null)
        {
            Field(fields, 6, "s", destination);
        }

        if (signature.Length > 0)
        {
            fields.Align(8).Byte(8).Signature("g").Signature(signature);
        }

        var message = new DBusWriter();
        message.Byte((byte)'l').Byte(MethodCall).Byte(0).Byte(1).UInt32((uint)(body?.Length ?? 0)).UInt32(serial).UInt32((uint)fields.Length);
        return message.Raw(fields.Written).Align(8).Raw(body is null ? default : body.Written).Written.ToArray();
    }

    /// <summary>The arguments, each as <see cref="DBusReader.Value"/> says.</summary>
    /// <exception cref="DBusFormatException">The body is not what its signature says.</exception>
    public object[] Arguments()
    {
        var reader = new DBusReader(Bytes.AsSpan(BodyAt), BigEndian);
        List<object> arguments = [];
        ReadOnlySpan<char> rest = Signature;
        while (!rest.IsEmpty)
        {
            int length = DBusSignature.FirstType(rest);
            arguments.Add(reader.Value(rest[..length]));
            rest = rest[length..];
        }

        return [.. arguments];
    }

    private static void Field(DBusWriter fields, byte code, string signature, string value)
        => fields.Align(8).Byte(code).Signature(signature).String(value);

    private static uint Number(ReadOnlySpan<byte> four, bool big)
        => big ? BinaryPrimitives.ReadUInt32BigEndian(four) : BinaryPrimitives.ReadUInt32LittleEndian(four);
}
