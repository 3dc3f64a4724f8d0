namespace HostAgent.Agent.Tests.Sampling;

/// <summary>Golden files beside the fixtures; UPDATE_GOLDEN=1 rewrites them.</summary>
internal static class Golden
{
    public static string Folder { get; } = Path.Combine(FindRoot(), "tests/Agent.Tests/Sampling");

    public static void Check(string name, string actual)
    {
        string path = Path.Combine(Folder, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing: run with UPDATE_GOLDEN=1 and commit it");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HostAgent.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("HostAgent.sln is not above the test program");
        }

        return folder;
    }
}
