namespace HostAgent.Agent.Commands;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + signal when a signal ended it.</param>
/// <param name="Output">Standard output, UTF-8, cut at the limit.</param>
/// <param name="Error">Standard error, UTF-8, cut at the limit.</param>
/// <param name="Truncated">One of the two was cut.</param>
internal sealed record ProcessResult(int ExitCode, string Output, string Error, bool Truncated);
