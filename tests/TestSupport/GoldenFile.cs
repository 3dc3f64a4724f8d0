using System.Runtime.CompilerServices;

namespace HostAgent.TestSupport;

/// <summary>Compares a text with a file in the folder Golden beside the calling test; UPDATE_GOLDEN=1 rewrites the file instead.</summary>
public static class GoldenFile
{
    /// <summary>Throws when the file is missing or differs; names the first line that does.</summary>
    public static void Check(string name, string actual, [CallerFilePath] string caller = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} is missing: run the test with UPDATE_GOLDEN=1, look at the file and commit it");
        }

        string[] expectedLines = File.ReadAllText(path).Split('\n');
        string[] actualLines = actual.Split('\n');
        for (int i = 0; i < Math.Max(expectedLines.Length, actualLines.Length); i++)
        {
            string expected = i < expectedLines.Length ? expectedLines[i] : "(the end)";
            string got = i < actualLines.Length ? actualLines[i] : "(the end)";
            if (expected != got)
            {
                throw new InvalidOperationException($"{name} line {i + 1}\nexpected: {expected}\nactual:   {got}\nIf the change is meant, run with UPDATE_GOLDEN=1.");
            }
        }
    }
}
