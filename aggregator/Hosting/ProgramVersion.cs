using System.Reflection;

namespace HostAgent.Aggregator.Hosting;

/// <summary>The version that --version, /health and the wire say.</summary>
internal static class ProgramVersion
{
    /// <summary>For example <c>0.1.0</c>; the build's revision is left out.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
