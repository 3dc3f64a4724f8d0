namespace HostAgent.Agent.Commands.Policy;

/// <summary>A pattern over a whole text: <c>*</c> stands for any characters or none, slashes included, <c>?</c> for one; everything else for itself.</summary>
internal static class Glob
{
    /// <summary>True when the pattern fits. Time grows with the product of both lengths at most.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary>True when one of them fits.</summary>
    public static bool IsAnyMatch(IReadOnlyList<string> patterns, string text)
    {
        for (int i = 0; i < patterns.Count; i++)
        {
            if (IsMatch(patterns[i], text))
            {
                return true;
            }
        }

        return false;
    }
}
