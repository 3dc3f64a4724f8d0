namespace HostAgent.Agent.Sampling;

/// <summary>A list of names such as <c>lo,veth*</c>: a <c>*</c> at the end stands for any rest, anywhere else it stands for itself.</summary>
internal sealed class NamePatterns(string list)
{
    private readonly string[] _patterns = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>True when <paramref name="name"/> is one of them.</summary>
    public bool Match(string name)
    {
        foreach (string pattern in _patterns)
        {
            if (pattern.EndsWith('*') ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : name == pattern)
            {
                return true;
            }
        }

        return false;
    }
}
