namespace HostAgent.Aggregator.Commands;

/// <summary>A request about commands that is refused; the message is for the one who asked and says what to do.</summary>
public sealed class CommandException(CommandFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public CommandFault Fault { get; } = fault;

    /// <summary>The field of the request at fault; null when it is none.</summary>
    public string? Field { get; init; }

    /// <summary>A malformed field.</summary>
    public static CommandException Invalid(string field, string message) => new(CommandFault.Invalid, message) { Field = field };

    /// <summary>An id that nobody knows.</summary>
    public static CommandException NoSuchCommand(string id)
        => new(CommandFault.NotFound, $"No command has the id \"{id}\"; GET /v1/commands lists them.");
}
