using System.Globalization;
using System.Text;

namespace HostAgent.Aggregator.Query;

/// <summary>String literals of PromQL: in double or single quotes with the escapes of Go, or in backticks with none.
/// See https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals.</summary>
internal static class QuotedString
{
    /// <summary>Reads the literal that begins at <paramref name="at"/> and moves <paramref name="at"/> past it.</summary>
    /// <param name="text">The whole input.</param>
    /// <param name="at">Index of the opening quote.</param>
    /// <param name="unexpected">Makes the error for "something else was expected at <paramref name="at"/>".</param>
    /// <exception cref="QuerySyntaxException">No literal, no closing quote, or an unknown escape.</exception>
    public static string Read(string text, ref int at, Func<string, QuerySyntaxException> unexpected)
    {
        if (at == text.Length || text[at] is not ('"' or '\'' or '`'))
        {
            throw unexpected("a value in quotes");
        }

        int open = at;
        char quote = text[at++];
        var bytes = new List<byte>();
        while (true)
        {
            if (at == text.Length || (text[at] == '\n' && quote != '`'))
            {
                throw new QuerySyntaxException($"the value that begins here has no closing {quote}", open + 1);
            }

            if (text[at] == quote)
            {
                at++;
                return Decode(bytes, open);
            }

            if (text[at] == '\\' && quote != '`')
            {
                Escape(text, ref at, quote, bytes);
                continue;
            }

            int length = char.IsSurrogatePair(text, at) ? 2 : 1;
            bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(at, length)));
            at += length;
        }
    }

    // \x and octal escapes are bytes, so that "\xc3\xa4" is one character; together they must be UTF-8.
    private static string Decode(List<byte> bytes, int open)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw new QuerySyntaxException("the bytes of the value are not UTF-8", open + 1);
        }
    }

    private static void Escape(string text, ref int at, char quote, List<byte> bytes)
    {
        int start = at++;
        char kind = at < text.Length ? text[at++] : '\0';
        switch (kind)
        {
            case 'a': bytes.Add(7); break;
            case 'b': bytes.Add(8); break;
            case 'f': bytes.Add(12); break;
            case 'n': bytes.Add(10); break;
            case 'r': bytes.Add(13); break;
            case 't': bytes.Add(9); break;
            case 'v': bytes.Add(11); break;
            case '\\': bytes.Add((byte)'\\'); break;
            case '"' or '\'' when kind == quote: bytes.Add((byte)kind); break;
            case 'x': bytes.Add((byte)Hex(text, ref at, 2, start)); break;
            case 'u': AddRune(Hex(text, ref at, 4, start), start, bytes); break;
            case 'U': AddRune(Hex(text, ref at, 8, start), start, bytes); break;
            case >= '0' and <= '7': bytes.Add(Octal(text, ref at, start)); break;
            default: throw new QuerySyntaxException("unknown escape; a backslash itself is written \\\\", start + 1);
        }
    }

    private static long Hex(string text, ref int at, int digits, int start)
    {
        if (at + digits > text.Length
            || !uint.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
        {
            throw new QuerySyntaxException($"{digits} hexadecimal digits must follow this escape", start + 1);
        }

        at += digits;
        return value;
    }

    private static byte Octal(string text, ref int at, int start)
    {
        int value = 0;
        at--;
        for (int i = 0; i < 3; i++, at++)
        {
            if (at == text.Length || text[at] is < '0' or > '7')
            {
                throw new QuerySyntaxException("three octal digits must follow this backslash", start + 1);
            }

            value = (value * 8) + (text[at] - '0');
        }

        return value <= 255 ? (byte)value : throw new QuerySyntaxException("an octal escape is at most \\377", start + 1);
    }

    private static void AddRune(long value, int start, List<byte> bytes)
    {
        if (value > 0x10ffff || !Rune.IsValid((int)value))
        {
            throw new QuerySyntaxException("this escape names no Unicode character", start + 1);
        }

        Span<byte> utf8 = stackalloc byte[4];
        bytes.AddRange(utf8[..new Rune((int)value).EncodeToUtf8(utf8)]);
    }
}
