namespace HostAgent.Agent.Sampling;

/// <summary>One option that a sampler understands beside those that all of them have.</summary>
/// <param name="Name">Key in the configuration file, snake_case.</param>
/// <param name="Kind">What values are allowed.</param>
/// <param name="Default">The default as it would be written in the file.</param>
/// <param name="Help">One sentence with unit and meaning.</param>
public sealed record SamplerOption(string Name, SamplerOptionKind Kind, string Default, string Help);
