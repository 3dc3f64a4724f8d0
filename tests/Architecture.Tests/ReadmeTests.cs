using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>What the README says about the tree is so.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_verb_of_the_readme_is_a_verb_of_build_sh_and_the_other_way_round()
    {
        string[] inReadme = [.. Verb().Matches(SourceTree.ReadText("README.md")).Select(match => match.Groups[1].Value).Distinct().Order()];
        string[] inScript = [.. HelpVerb().Matches(SourceTree.ReadText("build.sh")).Select(match => match.Groups[1].Value).Distinct().Order()];
        Assert.NotEmpty(inScript);
        Assert.Equal(inScript, inReadme);
    }

    [Fact]
    public void Every_path_of_the_readme_exists()
    {
        string[] missing = [.. Link().Matches(SourceTree.ReadText("README.md")).Select(match => match.Groups[1].Value)
            .Where(path => !path.StartsWith("http", StringComparison.Ordinal) && !path.StartsWith('#'))
            .Select(path => path.Split('#')[0])
            .Where(path => !File.Exists(Path.Combine(SourceTree.Root, path)) && !Directory.Exists(Path.Combine(SourceTree.Root, path)))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_room_of_the_readme_exists()
    {
        string readme = SourceTree.ReadText("README.md");
        string[] rooms = [.. Room().Matches(readme).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(rooms.Length >= 8, "the README's table of rooms is gone");
        string[] missing = [.. rooms.Where(room => !Directory.Exists(Path.Combine(SourceTree.Root, room)))];
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"\./build\.sh ([a-z-]+)")]
    private static partial Regex Verb();

    [GeneratedRegex(@"^  ([a-z-]+) (?:\[|  )", RegexOptions.Multiline)]
    private static partial Regex HelpVerb();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| `([A-Za-z/.]+)/`", RegexOptions.Multiline)]
    private static partial Regex Room();
}
