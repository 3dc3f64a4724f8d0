namespace HostAgent.EndToEnd.Tests;

/// <summary>The program behind <c>./build.sh torture</c>.</summary>
internal static class TortureProgram
{
    /// <summary>The build copies it beside the tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "HostAgent.Torture");
}
