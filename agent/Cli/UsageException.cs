namespace HostAgent.Agent.Cli;

/// <summary>The command line is wrong; the message names the culprit and what is expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
