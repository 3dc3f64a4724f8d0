namespace HostAgent.Agent.Sampling;

/// <summary>One option that a sampler understands beside those that all of them have.</summary>
/// <param name="Name">Key in the configuration file, snake_case.</param>
/// <param name="Kind">What values are allowed.</param>
/// <param name="Default">The default as it would be written in the file.</param>
/// <param name="Help">One sentence with unit and meaning.</param>
public sealed record SamplerOption(string Name, SamplerOptionKind Kind, string Default, string Help)
{
    /// <summary>For <see cref="SamplerOptionKind.Text"/> and <see cref="SamplerOptionKind.Named"/>: null when the text is good, else what it must be, to end
    /// the sentence "it must be ...". Null: every text is good.</summary>
    public Func<string, string?>? Check { get; init; }
}
