using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>One source file: its path from the root, its text, and its code, which is the text without comments.</summary>
internal sealed partial class SourceFile(string path, string text)
{
    private string? _code;

    public string Path { get; } = path;

    public string Text { get; } = text;

    public string Code => _code ??= Comments().Replace(Text, match => match.Value.StartsWith('/') ? " " : match.Value);

    public int Lines { get; } = text.Count(character => character == '\n');

    /// <summary>The folder below the program, e.g. <c>Storage/Sqlite</c> of aggregator/Storage/Sqlite/X.cs.</summary>
    public string Room
    {
        get
        {
            string[] parts = Path.Split('/');
            return string.Join('/', parts[1..^1]);
        }
    }

    public IEnumerable<string> LinesMatching(Regex pattern)
    {
        int number = 0;
        foreach (string line in Code.Split('\n'))
        {
            number++;
            if (pattern.IsMatch(line))
            {
                yield return $"{Path}: {line.Trim()}";
            }
        }
    }

    // Strings are matched first so that a // inside one is not taken for a comment; only comments are replaced.
    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|@\"(?:[^\"]|\"\")*\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'|//[^\\n]*|/\\*[\\s\\S]*?\\*/")]
    private static partial Regex Comments();
}
