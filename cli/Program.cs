using HostAgent.Cli.Output;

namespace HostAgent.Cli;

/// <summary>Entry point of hostctl.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => new HostctlApp(Terminal.OfProcess(), TimeProvider.System).RunAsync(args);
}
