using HostAgent.Cli.Output;
using HostAgent.TestSupport;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>One run of hostctl inside the test program: what it wrote and how it ended.</summary>
internal sealed record HostctlRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the command line with the aggregator at <paramref name="url"/>; the clock is that of the test aggregator.</summary>
    public static Task<HostctlRun> AsksAsync(Uri url, params string[] arguments)
        => RunAsync(new Dictionary<string, string> { ["HOSTCTL_AGGREGATOR"] = url.ToString() }, arguments);

    public static Task<HostctlRun> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => RunAsync(environment, null, null, new FakeTime(), arguments);

    /// <summary>Runs the command line with somebody who types a secret when asked for one.</summary>
    public static Task<HostctlRun> TypingAsync(string? secret, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => RunAsync(environment, null, secret, new FakeTime(), arguments);

    /// <summary>Runs the command line for somebody who answers questions with <paramref name="typed"/> (null: nobody is there).</summary>
    public static async Task<HostctlRun> RunAsync(
        IReadOnlyDictionary<string, string> environment, string? typed, string? secret, TimeProvider time, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            Environment = name => environment.GetValueOrDefault(name),
            OutputRedirected = true,
            ReadSecret = _ => secret,
            Size = () => (120, int.MaxValue),
            Interactive = typed is not null,
            ReadLine = () => typed,
        };
        int exitCode = await new HostctlApp(terminal, time).RunAsync(arguments);
        return new HostctlRun(exitCode, output.ToString(), error.ToString());
    }
}
