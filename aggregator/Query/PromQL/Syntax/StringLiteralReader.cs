using System.Text;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>String literals: in double or single quotes with the escapes of Go, or in backticks with none.
/// See https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals.</summary>
internal static class StringLiteralReader
{
    /// <summary>Reads the literal that begins at <paramref name="at"/> and moves <paramref name="at"/> past it.</summary>
    /// <exception cref="QuerySyntaxException">No closing quote or an unknown escape.</exception>
    public static string Read(string input, ref int at)
    {
        int open = at;
        char quote = input[at++];
        var bytes = new List<byte>();
        while (true)
        {
            if (at == input.Length || (input[at] == '\n' && quote != '`'))
            {
                throw SyntaxError.At(input, open, quote == '`' ? "unterminated raw string" : "unterminated quoted string");
            }

            if (input[at] == quote)
            {
                at++;
                return Decode(input, open, bytes);
            }

            if (input[at] == '\\' && quote != '`')
            {
                Escape(input, ref at, quote, open, bytes);
                continue;
            }

            // A lone surrogate is what bytes that were not UTF-8 became on their way here.
            if (!Rune.TryGetRuneAt(input, at, out Rune rune) || rune == Rune.ReplacementChar)
            {
                throw SyntaxError.At(input, open, "invalid UTF-8 rune");
            }

            AddRune(rune, bytes);
            at += rune.Utf16SequenceLength;
        }
    }

    // \x and octal escapes are bytes, so that "\xc3\xa4" is one character; together they must be UTF-8, for labels are.
    private static string Decode(string input, int open, List<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw SyntaxError.At(input, open, "the bytes of the string are not UTF-8");
        }
    }

    private static void Escape(string input, ref int at, char quote, int open, List<byte> bytes)
    {
        at++;
        char kind = at < input.Length ? input[at] : throw SyntaxError.At(input, open, "escape sequence not terminated");
        int simple = "abfnrtv\\".IndexOf(kind, StringComparison.Ordinal);
        if (simple >= 0 || kind == quote)
        {
            bytes.Add((byte)(simple >= 0 ? "\a\b\f\n\r\t\v\\"[simple] : kind));
            at++;
            return;
        }

        (int digits, uint numberBase, uint max) = kind switch
        {
            'x' => (2, 16u, 255u),
            'u' => (4, 16u, 0x10ffffu),
            'U' => (8, 16u, 0x10ffffu),
            >= '0' and <= '7' => (3, 8u, 255u),
            _ => throw SyntaxError.At(input, open, $"unknown escape sequence {GoText.CodePoint(Here(input, at))}"),
        };
        at += numberBase == 16 ? 1 : 0;
        ulong value = 0;
        for (int i = 0; i < digits; i++, at++)
        {
            if (at == input.Length)
            {
                throw SyntaxError.At(input, open, "escape sequence not terminated");
            }

            uint digit = char.IsAsciiHexDigit(input[at]) ? Convert.ToUInt32(input[at].ToString(), 16) : 16;
            value = digit < numberBase
                ? (value * numberBase) + digit
                : throw SyntaxError.At(input, open, $"illegal character {GoText.CodePoint(Here(input, at))} in escape sequence");
        }

        if (value > max || value is >= 0xD800 and < 0xE000)
        {
            throw SyntaxError.At(input, open, "escape sequence is an invalid Unicode code point");
        }

        if (max == 255)
        {
            bytes.Add((byte)value);
        }
        else
        {
            AddRune(new Rune((uint)value), bytes);
        }
    }

    private static Rune Here(string input, int at) => Rune.TryGetRuneAt(input, at, out Rune rune) ? rune : Rune.ReplacementChar;

    private static void AddRune(Rune rune, List<byte> bytes)
    {
        Span<byte> utf8 = stackalloc byte[4];
        bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
    }
}
