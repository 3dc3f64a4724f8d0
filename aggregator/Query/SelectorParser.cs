using System.Text.RegularExpressions;
using HostAgent.Aggregator.Storage;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Query;

/// <summary>Recursive descent over one selector: <c>[metric] [ "{" [ label op string { "," label op string } [","] ] "}" ]</c>.
/// See https://prometheus.io/docs/prometheus/latest/querying/basics/#instant-vector-selectors.</summary>
internal sealed class SelectorParser(string text)
{
    private readonly List<LabelMatcher> _matchers = [];
    private int _at;

    /// <exception cref="QuerySyntaxException">See <see cref="Selector.Parse"/>.</exception>
    public Selector Parse()
    {
        if (text.Length > Selector.MaxLength)
        {
            throw new QuerySyntaxException($"the selector has {text.Length} characters, at most {Selector.MaxLength} are allowed");
        }

        SkipSpace();
        if (_at == text.Length)
        {
            throw new QuerySyntaxException("the selector is empty; write a metric name, for example host_load1, or conditions, for example {host=\"web1\"}");
        }

        if (IsNameStart(text[_at], metric: true))
        {
            _matchers.Add(new LabelMatcher(LabelMatcher.MetricName, MatchType.Equal, Name(metric: true)));
            SkipSpace();
        }

        if (_at < text.Length)
        {
            Braces();
        }

        if (_matchers.All(MatchesAbsent))
        {
            throw new QuerySyntaxException("every condition also holds for an absent label, so the selector would mean all series; "
                + "add a metric name or a condition such as host=\"web1\"");
        }

        return new Selector(text, _matchers);
    }

    private void Braces()
    {
        Expect('{', _matchers.Count > 0 ? "\"{\" or the end" : "a metric name or \"{\"");
        SkipSpace();
        while (!TryTake('}'))
        {
            Matcher();
            SkipSpace();
            if (!TryTake(','))
            {
                Expect('}', "\",\" or \"}\"");
                break;
            }

            SkipSpace();
        }

        SkipSpace();
        if (_at < text.Length)
        {
            throw Unexpected("the end: a selector is one metric name and one pair of braces");
        }
    }

    private void Matcher()
    {
        int start = _at;
        if (_at == text.Length || !IsNameStart(text[_at], metric: false))
        {
            throw Unexpected("a label name or \"}\"");
        }

        string name = Name(metric: false);
        SkipSpace();
        MatchType type = Operator();
        SkipSpace();
        int valueAt = _at;
        string value = QuotedString.Read(text, ref _at, Unexpected);
        if (type is MatchType.Regex or MatchType.NotRegex)
        {
            CheckRegex(value, valueAt);
        }

        if (name == LabelMatcher.MetricName && _matchers.Count > 0 && text[..start].Contains('{') && IsNameStart(text.TrimStart()[0], metric: true))
        {
            throw new QuerySyntaxException($"the metric name is given twice: \"{_matchers[0].Value}\" in front and __name__ in the braces", start + 1);
        }

        if (_matchers.Count == Selector.MaxMatchers)
        {
            throw new QuerySyntaxException($"more than {Selector.MaxMatchers} conditions", start + 1);
        }

        _matchers.Add(new LabelMatcher(name, type, value));
    }

    private MatchType Operator()
    {
        if (TryTake('='))
        {
            return TryTake('~') ? MatchType.Regex : MatchType.Equal;
        }

        if (_at + 1 < text.Length && text[_at] == '!' && text[_at + 1] is '=' or '~')
        {
            _at += 2;
            return text[_at - 1] == '=' ? MatchType.NotEqual : MatchType.NotRegex;
        }

        throw Unexpected("one of =, !=, =~ and !~");
    }

    private static void CheckRegex(string pattern, int valueAt)
    {
        if (pattern.Length > Selector.MaxRegexLength)
        {
            throw new QuerySyntaxException($"the regular expression has {pattern.Length} characters, at most {Selector.MaxRegexLength} are allowed", valueAt + 1);
        }

        try
        {
            _ = Compile(pattern);
            _ = Compile(Anchored(pattern));
        }
        catch (RegexParseException e) when (e.Offset > pattern.Length)
        {
            throw new QuerySyntaxException("the regular expression cannot be anchored: it ends inside a comment of (?x)", valueAt + 1);
        }
        catch (RegexParseException e)
        {
            throw new QuerySyntaxException($"the regular expression is wrong at its character {e.Offset + 1}: {Words(e.Error)}", valueAt + 1);
        }
        catch (ArgumentException e)
        {
            throw new QuerySyntaxException($"the regular expression is wrong: {e.Message}", valueAt + 1);
        }
        catch (NotSupportedException)
        {
            throw new QuerySyntaxException("back references, look-around and atomic groups are not supported in regular expressions", valueAt + 1);
        }
    }

    // InsufficientClosingParentheses: "insufficient closing parentheses"
    private static string Words(RegexParseError error)
        => string.Concat(error.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    // Compiled alone first, so that offsets in errors are the asker's and a stray parenthesis cannot escape the anchors; then as it will be applied.
    private static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static bool MatchesAbsent(LabelMatcher matcher) => matcher.Type switch
    {
        MatchType.Equal => matcher.Value.Length == 0,
        MatchType.NotEqual => matcher.Value.Length != 0,
        MatchType.Regex => MatchesEmpty(matcher.Value),
        _ => !MatchesEmpty(matcher.Value),
    };

    private static bool MatchesEmpty(string pattern) => Compile(Anchored(pattern)).IsMatch("");

    private static string Anchored(string pattern) => $@"\A(?:{pattern})\z";

    private string Name(bool metric)
    {
        int start = _at;
        while (_at < text.Length && (IsNameStart(text[_at], metric) || char.IsAsciiDigit(text[_at])))
        {
            _at++;
        }

        return text[start.._at];
    }

    private static bool IsNameStart(char c, bool metric) => char.IsAsciiLetter(c) || c == '_' || (metric && c == ':');

    private void SkipSpace()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }

    private bool TryTake(char c)
    {
        if (_at < text.Length && text[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private void Expect(char c, string expected)
    {
        if (!TryTake(c))
        {
            throw Unexpected(expected);
        }
    }

    private QuerySyntaxException Unexpected(string expected)
        => new(_at == text.Length ? $"the selector ends where {expected} was expected" : $"found \"{text[_at]}\" where {expected} was expected", _at + 1);
}
