namespace HostAgent.Fuzz;

/// <summary>One parser of bytes that we do not control. Anything but a quiet return or a documented refusal is a finding.</summary>
internal abstract class FuzzTarget
{
    public abstract string Name { get; }

    /// <summary>Well-formed inputs to mutate.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Parses; returns false when the bytes were refused as documented. Throws on anything that is not documented.</summary>
    public abstract bool Run(byte[] input);

    /// <summary>Every target of this program, by name.</summary>
    public static IReadOnlyList<FuzzTarget> All() =>
        [.. typeof(FuzzTarget).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(FuzzTarget)))
            .Select(type => (FuzzTarget)Activator.CreateInstance(type)!)
            .OrderBy(target => target.Name, StringComparer.Ordinal)];
}
