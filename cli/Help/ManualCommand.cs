using System.CommandLine;

namespace HostAgent.Cli.Help;

/// <summary>A command whose help reads like a manual page: what it does, examples, exit codes.</summary>
internal sealed class ManualCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines and what they are for; indentation is added.</summary>
    public required string Examples { get; init; }

    /// <summary>The exit codes that mean something particular here; the others are the same for every command.</summary>
    public string? ExitCodes { get; init; }

    /// <summary>More that an operator should know; null for none.</summary>
    public string? Notes { get; init; }
}
