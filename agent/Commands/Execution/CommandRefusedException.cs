using HostAgent.V1;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>A command ends before it has begun; nothing was done.</summary>
/// <param name="state">Rejected, expired or cancelled.</param>
/// <param name="message">Why, and what to do.</param>
internal sealed class CommandRefusedException(CommandState state, string message) : Exception(message)
{
    /// <summary>The final state.</summary>
    public CommandState State => state;

    /// <summary>Facts for programs.</summary>
    public IReadOnlyDictionary<string, string> Results { get; init; } = new Dictionary<string, string>();

    /// <summary>Rejected.</summary>
    public static CommandRefusedException Rejected(string message) => new(CommandState.Rejected, message);
}
