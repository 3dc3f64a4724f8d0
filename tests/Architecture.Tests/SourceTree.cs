using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>The hand-written sources of this checkout, read as text.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Hand-written C# of the product (grpc, protos, agent, aggregator, cli).</summary>
    public static IReadOnlyList<SourceFile> Product { get; } = Read("grpc", "protos", "agent", "aggregator", "cli");

    /// <summary>Hand-written C# of the tests.</summary>
    public static IReadOnlyList<SourceFile> Tests { get; } = Read("tests");

    public static string ReadText(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    private static List<SourceFile> Read(params string[] folders) =>
        [.. folders.Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !Outputs().IsMatch(path))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HostAgent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No HostAgent.sln above {AppContext.BaseDirectory}: run the tests from inside a checkout.");
    }

    [GeneratedRegex("(^|/)(bin|obj|node_modules)/")]
    private static partial Regex Outputs();
}
