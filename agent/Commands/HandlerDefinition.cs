using HostAgent.V1;

namespace HostAgent.Agent.Commands;

/// <summary>What a handler says of its kind. Declared once, in the handler's own file.</summary>
internal sealed record HandlerDefinition
{
    /// <summary>The kind: two or more lower-case words with dots, such as <c>service.restart</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Help { get; init; }

    /// <summary>The arguments it takes.</summary>
    public IReadOnlyList<ArgDef> Args { get; init; } = [];

    /// <summary>False when it only looks. What changes the host is never repeated after a crash.</summary>
    public required bool Changes { get; init; }

    /// <summary>How many different operators must sign when the policy does not ask for more. Default 0.</summary>
    public int Signatures { get; init; }

    /// <summary>Ends the run when the order sets none. Default 60 s.</summary>
    public TimeSpan DefaultTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Makes the handler, once, when the agent starts. It must neither read nor connect yet.</summary>
    public required Func<HandlerSetup, CommandHandler> Create { get; init; }
}
