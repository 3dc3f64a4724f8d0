using System.Runtime.CompilerServices;

namespace HostAgent.Aggregator.Tests.Query.PromQL;

public sealed class ScriptTests
{
    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Folder(), "*.txt").Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Every_query_has_the_answer_that_stands_below_it(string name)
    {
        string path = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, QueryScript.Rewrite(File.ReadAllText(path)));
            return;
        }

        (IReadOnlyList<string> failures, int queries) = QueryScript.Run(File.ReadAllText(path));
        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Assert.InRange(queries, 5, int.MaxValue);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Scripts");
}
