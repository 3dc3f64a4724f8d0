namespace HostAgent.Cli;

/// <summary>A command cannot do what was asked; the message is for the operator and says what to do.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
