namespace HostAgent.Agent.Systemd;

/// <summary>Type signatures of the D-Bus specification ("Type System"): letters, arrays, structs and dictionary entries.</summary>
internal static class DBusSignature
{
    /// <summary>Deepest nesting that the specification allows: 32 arrays and 32 structs.</summary>
    public const int MaxDepth = 64;

    /// <summary>The length of the single complete type that the signature begins with.</summary>
    /// <exception cref="DBusFormatException">It begins with none.</exception>
    public static int FirstType(ReadOnlySpan<char> signature, int depth = 0)
    {
        if (signature.IsEmpty || depth > MaxDepth)
        {
            throw new DBusFormatException("a signature is incomplete or nested too deeply");
        }

        switch (signature[0])
        {
            case 'y' or 'b' or 'n' or 'q' or 'i' or 'u' or 'x' or 't' or 'd' or 's' or 'o' or 'g' or 'v' or 'h':
                return 1;
            case 'a':
                return 1 + FirstType(signature[1..], depth + 1);
            case '(' or '{':
                char end = signature[0] == '(' ? ')' : '}';
                int at = 1;
                while (at < signature.Length && signature[at] != end)
                {
                    at += FirstType(signature[at..], depth + 1);
                }

                return at > 1 && at < signature.Length ? at + 1 : throw new DBusFormatException("a struct in a signature is empty or not closed");
            default:
                throw new DBusFormatException($"a signature has the unknown type code {(int)signature[0]}");
        }
    }

    /// <summary>The boundary, in bytes, at which values of a type begin.</summary>
    public static int Alignment(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'x' or 't' or 'd' or '(' or '{' => 8,
        _ => 4,
    };
}
