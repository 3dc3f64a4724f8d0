namespace HostAgent.Agent.Linux;

/// <summary>Walks the text of a kernel file by lines, words and numbers, without allocating.</summary>
/// <remarks>Every kernel file ends with a newline: text that does not has been cut, and its last number may be too.</remarks>
internal static class KernelText
{
    /// <summary>True when the text is not empty and its last line is whole.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text) => text.Length > 0 && text[^1] == (byte)'\n';

    /// <summary>Takes the next line, without its newline, off the front of <paramref name="text"/>; false at the end.</summary>
    public static bool TakeLine(scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        if (text.IsEmpty)
        {
            line = default;
            return false;
        }

        int end = text.IndexOf((byte)'\n');
        if (end < 0)
        {
            line = text;
            text = default;
        }
        else
        {
            line = text[..end];
            text = text[(end + 1)..];
        }

        return true;
    }

    /// <summary>Takes the next word (up to a space or tab) off the front of <paramref name="line"/>; false at the end.</summary>
    public static bool TakeWord(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        int start = SkipBlanks(line);
        int end = start;
        while (end < line.Length && !IsBlank(line[end]))
        {
            end++;
        }

        word = line[start..end];
        line = line[end..];
        return end > start;
    }

    /// <summary>Takes the next decimal number off the front of <paramref name="line"/>; false, and nothing taken, when no whole number
    /// stands there. One that needs more than 63 bits saturates: no real counter gets there, but a broken driver's may.</summary>
    public static bool TakeNumber(ref ReadOnlySpan<byte> line, out long number)
    {
        int at = SkipBlanks(line);
        bool negative = at < line.Length && line[at] == (byte)'-';
        if (negative)
        {
            at++;
        }

        int first = at;
        ulong value = 0;
        bool tooLarge = false;
        for (; at < line.Length; at++)
        {
            uint digit = (uint)(line[at] - '0');
            if (digit > 9)
            {
                break;
            }

            tooLarge |= value > ((ulong)long.MaxValue - digit) / 10;
            value = unchecked((value * 10) + digit);
        }

        if (at == first || (at < line.Length && !IsBlank(line[at])))
        {
            number = 0;
            return false;
        }

        number = tooLarge ? long.MaxValue : (long)value;
        number = negative ? -number : number;
        line = line[at..];
        return true;
    }

    /// <summary>Takes a number with exactly <paramref name="decimals"/> digits after its point as an integer: <c>0.42</c> with 2 is 42.</summary>
    public static bool TakeDecimal(ref ReadOnlySpan<byte> line, int decimals, out long number)
    {
        number = 0;
        ReadOnlySpan<byte> rest = line;
        if (!TakeWord(ref rest, out ReadOnlySpan<byte> word))
        {
            return false;
        }

        int point = word.Length - decimals - 1;
        if (point < 1 || word[point] != (byte)'.')
        {
            return false;
        }

        ReadOnlySpan<byte> whole = word[..point];
        ReadOnlySpan<byte> fraction = word[(point + 1)..];
        if (!TakeNumber(ref whole, out long units) || fraction[0] == (byte)'-' || !TakeNumber(ref fraction, out long parts))
        {
            return false;
        }

        for (int i = 0; i < decimals; i++)
        {
            if (units is > long.MaxValue / 10 or < 0)
            {
                return false;
            }

            units *= 10;
        }

        number = units > long.MaxValue - parts ? long.MaxValue : units + parts;
        line = rest;
        return true;
    }

    /// <summary>Fills <paramref name="numbers"/> from the front of <paramref name="line"/>; returns how many stood there.</summary>
    public static int TakeNumbers(ref ReadOnlySpan<byte> line, scoped Span<long> numbers)
    {
        int count = 0;
        while (count < numbers.Length && TakeNumber(ref line, out long number))
        {
            numbers[count++] = number;
        }

        return count;
    }

    /// <summary>A file that holds one number, as most of sysfs does.</summary>
    public static bool TryOneNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        return IsWhole(text) && TakeLine(ref text, out ReadOnlySpan<byte> line) && TakeNumber(ref line, out number);
    }

    private static int SkipBlanks(ReadOnlySpan<byte> line)
    {
        int at = 0;
        while (at < line.Length && IsBlank(line[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t';
}
