using System.Text.RegularExpressions;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Regular expressions over label values: they match the whole value, "." also matches a line feed, and they take time in proportion
/// to the value, whatever they say.</summary>
internal static class LabelRegex
{
    /// <summary>Longest expression accepted, in characters.</summary>
    public const int MaxLength = 1000;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline;

    /// <summary>What is wrong with the expression, or null.</summary>
    public static string? Problem(string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            return $"it has {pattern.Length} characters, at most {MaxLength} are allowed";
        }

        try
        {
            // Alone first, so that offsets in errors are the asker's and a stray parenthesis cannot escape the anchors.
            _ = new Regex(pattern, Options);
            _ = Compile(pattern);
            return null;
        }
        catch (RegexParseException e) when (e.Offset > pattern.Length)
        {
            return $"it ends inside a comment of (?x): `{pattern}`";
        }
        catch (RegexParseException e)
        {
            return $"{InWords(e.Error)} at its character {e.Offset + 1}: `{pattern}`";
        }
        catch (ArgumentException e)
        {
            return $"{e.Message}: `{pattern}`";
        }
        catch (NotSupportedException)
        {
            return $"back references, look-around and atomic groups are not supported: `{pattern}`";
        }
    }

    /// <summary>The expression, anchored. It must have no <see cref="Problem"/>.</summary>
    public static Regex Compile(string pattern) => new($@"\A(?:{pattern})\z", Options);

    // InsufficientClosingParentheses: "insufficient closing parentheses"
    private static string InWords(RegexParseError error)
        => string.Concat(error.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
