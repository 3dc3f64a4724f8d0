using System.Globalization;
using System.Text;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Texts and numbers in the form in which error messages and answers of Prometheus show them
/// (https://pkg.go.dev/fmt, https://pkg.go.dev/strconv).</summary>
internal static class GoText
{
    /// <summary>In double quotes, with escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            Append(quoted, rune, '"');
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>One character in single quotes; the end of the input is shown as U+FFFD.</summary>
    public static string QuoteRune(Rune? rune)
    {
        var quoted = new StringBuilder("'");
        Append(quoted, rune ?? Rune.ReplacementChar, '\'');
        return quoted.Append('\'').ToString();
    }

    /// <summary>As <c>U+0063 'c'</c>.</summary>
    public static string CodePoint(Rune rune)
        => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}") + (IsPrintable(rune) ? $" '{rune}'" : "");

    /// <summary>The shortest decimal text that reads back as the same number, without exponent.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        return exponentAt < 0 ? shortest : Expand(shortest[..exponentAt], int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static string Expand(string mantissa, int exponent)
    {
        string sign = mantissa[0] == '-' ? "-" : "";
        string unsigned = mantissa[sign.Length..];
        int point = unsigned.IndexOf('.', StringComparison.Ordinal);
        string digits = unsigned.Replace(".", "", StringComparison.Ordinal);
        int pointAt = (point < 0 ? unsigned.Length : point) + exponent;
        return pointAt switch
        {
            <= 0 => $"{sign}0.{new string('0', -pointAt)}{digits}",
            _ when pointAt >= digits.Length => sign + digits.PadRight(pointAt, '0'),
            _ => $"{sign}{digits[..pointAt]}.{digits[pointAt..]}",
        };
    }

    private static void Append(StringBuilder into, Rune rune, char quote)
    {
        switch (rune.Value)
        {
            case '\a': into.Append("\\a"); break;
            case '\b': into.Append("\\b"); break;
            case '\f': into.Append("\\f"); break;
            case '\n': into.Append("\\n"); break;
            case '\r': into.Append("\\r"); break;
            case '\t': into.Append("\\t"); break;
            case '\v': into.Append("\\v"); break;
            case '\\': into.Append("\\\\"); break;
            case var c when c == quote: into.Append('\\').Append(quote); break;
            case < 0x20 or 0x7f: into.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            case var c when IsPrintable(rune): into.Append(new Rune(c)); break;
            case <= 0xffff: into.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"); break;
            default: into.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"); break;
        }
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
