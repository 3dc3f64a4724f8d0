namespace HostAgent.Architecture.Tests;

/// <summary>Golden files beside these tests; UPDATE_GOLDEN=1 rewrites them.</summary>
internal static class Golden
{
    public static void Check(string name, string actual)
    {
        string path = Path.Combine(SourceTree.Root, "tests/Architecture.Tests/Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing: run with UPDATE_GOLDEN=1 and commit it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
