using System.Reflection;

namespace HostAgent.Agent.Cli;

/// <summary>Which build this is.</summary>
internal static class ProgramVersion
{
    /// <summary>Version and, where the build knew it, the commit: <c>0.1.0+864827e</c>.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version
            ? version.Length > version.IndexOf('+', StringComparison.Ordinal) + 9 && version.Contains('+', StringComparison.Ordinal)
                ? version[..(version.IndexOf('+', StringComparison.Ordinal) + 9)]
                : version
            : "unknown";
}
