namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>Finds the sources that this test program was built from: the peers run from there.</summary>
internal static class SourceTree
{
    /// <summary>The folder that holds HostAgent.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HostAgent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No HostAgent.sln above {AppContext.BaseDirectory}: the interop tests run from a source tree.");
    }
}
