namespace HostAgent.Agent.Commands;

/// <summary>The handlers of this process, one for each kind.</summary>
internal sealed class HandlerSet
{
    private readonly SortedDictionary<string, (HandlerDefinition Definition, CommandHandler Handler)> _byKind = new(StringComparer.Ordinal);

    /// <summary>Makes them.</summary>
    public HandlerSet(IEnumerable<HandlerDefinition> definitions, HandlerSetup setup)
    {
        foreach (HandlerDefinition definition in definitions)
        {
            _byKind.Add(definition.Kind, (definition, definition.Create(setup)));
        }
    }

    /// <summary>What the handlers say of their kinds, by name.</summary>
    public IReadOnlyList<HandlerDefinition> Definitions => [.. _byKind.Values.Select(static one => one.Definition)];

    /// <summary>What a kind is; null: it is not known.</summary>
    public HandlerDefinition? Define(string kind) => _byKind.TryGetValue(kind, out var one) ? one.Definition : null;

    /// <summary>The handler of a kind that is known.</summary>
    public CommandHandler this[string kind] => _byKind[kind].Handler;
}
