namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>Orders texts as people do: "cpu9" before "cpu10".</summary>
internal static class NaturalOrder
{
    /// <summary>Negative when <paramref name="a"/> comes first.</summary>
    public static int Compare(string a, string b)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                ReadOnlySpan<char> left = Digits(a, ref i);
                ReadOnlySpan<char> right = Digits(b, ref j);
                int order = left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i] - b[j];
            }
            else
            {
                i++;
                j++;
            }
        }

        int rest = (a.Length - i) - (b.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text.AsSpan(start, at - start).TrimStart('0');
    }
}
