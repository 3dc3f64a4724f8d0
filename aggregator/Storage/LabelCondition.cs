using System.Text.RegularExpressions;

namespace HostAgent.Aggregator.Storage;

/// <summary>A <see cref="LabelMatcher"/> made ready to be applied many times.</summary>
internal sealed class LabelCondition
{
    private readonly Regex? _regex;
    private readonly MatchType _type;
    private readonly string _value;

    /// <exception cref="ArgumentException">The regular expression does not parse.</exception>
    public LabelCondition(LabelMatcher matcher)
    {
        (Name, _type, _value) = (matcher.Name, matcher.Type, matcher.Value);
        if (_type is MatchType.Regex or MatchType.NotRegex)
        {
            try
            {
                // Linear time whatever the expression: it comes from users and rule files.
                _regex = new Regex($"^(?s:{_value})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                throw new ArgumentException($"the regular expression for label {Name} does not parse: {e.Message}", nameof(matcher), e);
            }
        }

        MatchesEmpty = Matches("");
    }

    public string Name { get; }

    /// <summary>Series without the label satisfy it.</summary>
    public bool MatchesEmpty { get; }

    /// <summary>The only value that satisfies it, or null.</summary>
    public string? Literal => _type == MatchType.Equal ? _value : null;

    public bool Matches(string value) => _type switch
    {
        MatchType.Equal => value == _value,
        MatchType.NotEqual => value != _value,
        MatchType.Regex => _regex!.IsMatch(value),
        _ => !_regex!.IsMatch(value),
    };
}
