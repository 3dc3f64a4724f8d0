namespace HostAgent.Agent.Commands;

/// <summary>One command, as its handler sees it.</summary>
internal sealed class CommandContext
{
    /// <summary>32 hex digits.</summary>
    public required string CommandId { get; init; }

    /// <summary>Checked, complete with defaults.</summary>
    public required IReadOnlyDictionary<string, string> Args { get; init; }

    /// <summary>How far it is: percent of the work and a sentence. May be called from any thread and is never waited for.</summary>
    public required Action<int, string> Progress { get; init; }

    /// <summary>Output for the operator, UTF-8. Bounded by the executor: what is over the limit is cut and marked so.</summary>
    public required Action<ReadOnlyMemory<byte>> Output { get; init; }

    /// <summary>The argument's value, or null when it was not given and has no default.</summary>
    public string? Arg(string name) => Args.GetValueOrDefault(name);
}
