namespace HostAgent.Agent.Commands;

/// <summary>All kinds of commands that this program knows. Each registers itself in a module initializer, so that a new one is one new file.</summary>
internal static class HandlerCatalog
{
    private static readonly Lock Gate = new();
    private static readonly SortedDictionary<string, HandlerDefinition> ByKind = new(StringComparer.Ordinal);

    /// <summary>Every registered kind, by name.</summary>
    public static IReadOnlyList<HandlerDefinition> All
    {
        get
        {
            lock (Gate)
            {
                return [.. ByKind.Values];
            }
        }
    }

    /// <summary>Adds a kind.</summary>
    /// <exception cref="ArgumentException">It is there already.</exception>
    public static void Register(HandlerDefinition definition)
    {
        lock (Gate)
        {
            ByKind.Add(definition.Kind, definition);
        }
    }
}
