namespace HostAgent.Aggregator.Storage;

/// <summary>How a <see cref="LabelMatcher"/> compares. Regular expressions match the whole value.</summary>
public enum MatchType
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>=~</c></summary>
    Regex,

    /// <summary><c>!~</c></summary>
    NotRegex,
}
