namespace HostAgent.Agent.Sampling;

/// <summary>All samplers that this program has. Each registers itself in a module initializer, so that a new one is one new file.</summary>
internal static class SamplerCatalog
{
    private static readonly Lock Gate = new();
    private static readonly SortedDictionary<string, SamplerDefinition> ByName = new(StringComparer.Ordinal);

    /// <summary>Every registered sampler, by name.</summary>
    public static IReadOnlyList<SamplerDefinition> All
    {
        get
        {
            lock (Gate)
            {
                return [.. ByName.Values];
            }
        }
    }

    /// <summary>Adds a sampler.</summary>
    /// <exception cref="ArgumentException">One with this name is there already.</exception>
    public static void Register(SamplerDefinition definition)
    {
        lock (Gate)
        {
            ByName.Add(definition.Name, definition);
        }
    }
}
