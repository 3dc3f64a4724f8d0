namespace HostAgent.TestSupport.Processes;

/// <summary>Finds the programs under test: what an environment variable names, else the release file in artifacts/, else what the last
/// build left.</summary>
public static class Programs
{
    /// <summary>The agent: HOSTAGENT_BIN, artifacts/hostagent, or the build output.</summary>
    public static string Agent => Find("HOSTAGENT_BIN", "hostagent", "agent");

    /// <summary>The agent as the build leaves it, running on the shared runtime: the one whose libc calls a preloaded library sees.
    /// HOSTAGENT_MANAGED_BIN, or the build output.</summary>
    public static string ManagedAgent => Environment.GetEnvironmentVariable("HOSTAGENT_MANAGED_BIN")
        ?? Path.Combine(RepositoryRoot, "agent", "bin", Configuration, "net10.0", "hostagent");

    /// <summary>The aggregator: HOSTAGGREGATOR_BIN, artifacts/hostaggregator, or the build output.</summary>
    public static string Aggregator => Find("HOSTAGGREGATOR_BIN", "hostaggregator", "aggregator");

    /// <summary>The command line: HOSTCTL_BIN, artifacts/hostctl, or the build output.</summary>
    public static string Ctl => Find("HOSTCTL_BIN", "hostctl", "cli");

    /// <summary>The directory that holds HostAgent.sln, looked for from the test program upwards.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string Configuration
        => AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    private static string Find(string variable, string file, string project)
    {
        string[] candidates =
        [
            Environment.GetEnvironmentVariable(variable) ?? "",
            Path.Combine(RepositoryRoot, "artifacts", file),
            Path.Combine(RepositoryRoot, project, "bin", Configuration, "net10.0", file),
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{file} is not built: none of {string.Join(", ", candidates.Where(c => c.Length > 0))} exists");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "HostAgent.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no HostAgent.sln above {AppContext.BaseDirectory}");
    }
}
