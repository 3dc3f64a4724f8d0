using System.Text;

namespace HostAgent.Agent.Sampling.Processes;

/// <summary>A pattern over bytes: <c>*</c> stands for any run of bytes, anywhere in it; everything else stands for itself. Matching allocates nothing.</summary>
internal sealed class BytePattern(string pattern)
{
    private readonly byte[] _pattern = Encoding.UTF8.GetBytes(pattern);

    /// <summary>The pattern as it was written, in bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _pattern;

    /// <summary>True when it holds a <c>*</c>.</summary>
    public bool HasStar { get; } = pattern.Contains('*');

    /// <summary>True when the whole of <paramref name="text"/> is what the pattern says.</summary>
    public bool Match(ReadOnlySpan<byte> text)
    {
        // On a mismatch the last star takes one byte more: no recursion, at worst length times length.
        int at = 0, part = 0, star = -1, resume = 0;
        while (at < text.Length)
        {
            if (part < _pattern.Length && _pattern[part] == (byte)'*')
            {
                (star, resume) = (part++, at);
            }
            else if (part < _pattern.Length && _pattern[part] == text[at])
            {
                part++;
                at++;
            }
            else if (star >= 0)
            {
                part = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (part < _pattern.Length && _pattern[part] == (byte)'*')
        {
            part++;
        }

        return part == _pattern.Length;
    }
}
