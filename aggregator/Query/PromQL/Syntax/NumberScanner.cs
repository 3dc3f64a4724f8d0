using System.Buffers;
using System.Globalization;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Numbers (decimal, hexadecimal, octal, exponents, underscores) and durations, which begin alike.</summary>
internal static class NumberScanner
{
    private static readonly SearchValues<char> OctalDigits = SearchValues.Create("01234567_");
    private static readonly SearchValues<char> DecimalDigits = SearchValues.Create("0123456789_");

    private const string DurationUnits = "smhdwy";

    /// <summary>Takes the number or duration that begins at <paramref name="at"/>.</summary>
    /// <exception cref="QuerySyntaxException">Neither.</exception>
    public static Token Scan(string input, ref int at)
    {
        int start = at;
        if (TryNumber(input, ref at))
        {
            return new Token(TokenKind.Number, start, input[start..at]);
        }

        if (TryRestOfDuration(input, ref at))
        {
            return new Token(TokenKind.Duration, start, input[start..at]);
        }

        throw SyntaxError.At(input, start, $"bad number or duration syntax: {GoText.Quote(input[start..at])}");
    }

    /// <summary>The value of a number token.</summary>
    /// <exception cref="FormatException">Not a number after all; the message says why.</exception>
    public static double Value(string text)
    {
        if (text.Equals("inf", StringComparison.OrdinalIgnoreCase))
        {
            return double.PositiveInfinity;
        }

        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            return double.NaN;
        }

        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            string hex = text[2..].Replace("_", "", StringComparison.Ordinal);
            return long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number) && number >= 0 && hex.Length <= 16
                ? number
                : throw new FormatException($"strconv.ParseFloat: parsing {GoText.Quote(text)}: invalid syntax");
        }

        if (text.Length > 1 && text[0] == '0' && text.AsSpan(1).IndexOfAnyExcept(OctalDigits) < 0)
        {
            return text.Replace("_", "", StringComparison.Ordinal).Aggregate(0.0, static (value, digit) => (value * 8) + (digit - '0'));
        }

        // Underscores separate digits of whole numbers only.
        string digits = text.AsSpan().IndexOfAnyExcept(DecimalDigits) < 0 ? text.Replace("_", "", StringComparison.Ordinal) : text;
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(digits, styles, CultureInfo.InvariantCulture, out double value))
        {
            throw new FormatException($"strconv.ParseFloat: parsing {GoText.Quote(text)}: invalid syntax");
        }

        return double.IsFinite(value) ? value : throw new FormatException($"strconv.ParseFloat: parsing {GoText.Quote(text)}: value out of range");
    }

    private static bool TryNumber(string input, ref int at)
    {
        bool hex = at + 1 < input.Length && input[at] == '0' && input[at + 1] is 'x' or 'X';
        if (hex)
        {
            at += 2;
            Accept(input, ref at, "_");
        }

        string digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
        bool dot = Accept(input, ref at, ".");
        bool exponent = false;
        while (at < input.Length && (digits.Contains(input[at]) || input[at] is '.' or '_' or 'e' or 'E'))
        {
            char c = input[at];
            if (digits.Contains(c))
            {
                at++;
            }
            else if (c == '_')
            {
                at++;
                if (Accept(input, ref at, "._eE") || at == input.Length)
                {
                    return false;
                }
            }
            else if (c == '.')
            {
                at++;
                if (dot || hex || Accept(input, ref at, "_."))
                {
                    return false;
                }

                dot = true;
            }
            else
            {
                at++;
                if (exponent)
                {
                    return false;
                }

                exponent = true;
                Accept(input, ref at, "+-");
                if (Accept(input, ref at, "._eE") || at == input.Length)
                {
                    return false;
                }
            }
        }

        return at == input.Length || !IsWordPart(input[at]);
    }

    private static bool TryRestOfDuration(string input, ref int at)
    {
        bool first = true;
        do
        {
            if (!Accept(input, ref at, first ? DurationUnits : DurationUnits[..^1]))
            {
                return false;
            }

            first = false;
            Accept(input, ref at, "s");
            if (at == input.Length || !char.IsAsciiDigit(input[at]))
            {
                break;
            }

            while (at < input.Length && char.IsAsciiDigit(input[at]))
            {
                at++;
            }
        }
        while (true);

        if (at < input.Length && IsWordPart(input[at]))
        {
            at++; // the error message shows the character that does not belong
            return false;
        }

        return true;
    }

    private static bool Accept(string input, ref int at, string valid)
    {
        if (at < input.Length && valid.Contains(input[at]))
        {
            at++;
            return true;
        }

        return false;
    }

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
