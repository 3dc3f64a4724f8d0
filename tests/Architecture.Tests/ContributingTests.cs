using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>The recipes of CONTRIBUTING.md name files, folders and types that are there.</summary>
public sealed partial class ContributingTests
{
    [Theory]
    [InlineData("CONTRIBUTING.md", 20)]
    [InlineData("README.md", 15)]
    public void Every_path_in_it_exists(string page, int least)
    {
        List<string> tree = [.. Tree(SourceTree.Root, "")];
        string[] paths = [.. Code().Matches(SourceTree.ReadText(page)).Select(match => match.Groups[1].Value).Where(word => Word().IsMatch(word) && word.Contains('/')).Distinct()];
        Assert.True(paths.Length >= least, $"only {paths.Length} paths are found in {page}");
        string[] missing = [.. paths.Where(path => !Exists(path.TrimEnd('/'), tree))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_type_in_it_exists()
    {
        string[] types = [.. Code().Matches(SourceTree.ReadText("CONTRIBUTING.md")).Select(match => match.Groups[1].Value).Where(word => TypeName().IsMatch(word)).Distinct()];
        Assert.True(types.Length >= 10, $"only {types.Length} types are found");
        SourceFile[] all = [.. SourceTree.Product, .. SourceTree.Tests];
        string[] missing = [.. types.Where(type => !all.Any(file => Regex.IsMatch(file.Code, $@"\b{type}\b")))];
        Assert.Empty(missing);
    }

    [Fact]
    public void A_path_that_is_not_there_is_found()
    {
        List<string> tree = [.. Tree(SourceTree.Root, "")];
        Assert.False(Exists("agent/Sampling/Samplers/NAMECollector.cs", tree));
        Assert.False(Exists("aggregator/Storage/NAME/nothing.cs", tree));
        Assert.True(Exists("agent/Sampling/Samplers/NAMESampler.cs", tree));
    }

    /// <summary>NAME stands for what the reader adds: something of that form must be there as a model.</summary>
    private static bool Exists(string path, List<string> tree)
    {
        var pattern = new Regex("(^|/)" + Regex.Escape(path).Replace("NAME", "[A-Za-z]+", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase);
        return tree.Any(pattern.IsMatch);
    }

    private static IEnumerable<string> Tree(string folder, string prefix)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(folder))
        {
            string name = Path.GetFileName(entry);
            if (name is ".git" or "bin" or "obj" or "node_modules" or "artifacts")
            {
                continue;
            }

            yield return prefix + name;
            if (Directory.Exists(entry))
            {
                foreach (string below in Tree(entry, $"{prefix}{name}/"))
                {
                    yield return below;
                }
            }
        }
    }

    [GeneratedRegex("`([^`\\n]+)`")]
    private static partial Regex Code();

    // A path of the tree: no blanks, no options, no address, not an output of the build.
    [GeneratedRegex(@"^(?!\./|artifacts/)[A-Za-z][\w./-]*$")]
    private static partial Regex Word();

    [GeneratedRegex("^[A-Z][a-z]+[A-Za-z]+$|^I[A-Z][a-z]+[A-Za-z]+$")]
    private static partial Regex TypeName();
}
