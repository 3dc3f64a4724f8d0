using System.Globalization;
using HostAgent.Agent.Linux;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Sampling;

/// <summary>What a sampler is made with.</summary>
internal sealed class SamplerSetup
{
    /// <summary>Its entry in the catalog.</summary>
    public required SamplerDefinition Definition { get; init; }

    /// <summary>Where the kernel's files are.</summary>
    public required LinuxRoots Roots { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where the sampler logs.</summary>
    public required ILogger Log { get; init; }

    /// <summary>What the scheduler counts, for the self sampler.</summary>
    public required SamplingStatistics Statistics { get; init; }

    /// <summary>The operator's values, already checked.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Value of a <see cref="SamplerOptionKind.Flag"/>.</summary>
    public bool Flag(string option) => bool.Parse(Value(option));

    /// <summary>Value of a <see cref="SamplerOptionKind.Count"/>.</summary>
    public int Count(string option) => int.Parse(Value(option), CultureInfo.InvariantCulture);

    /// <summary>Value of a <see cref="SamplerOptionKind.Patterns"/>.</summary>
    public NamePatterns Patterns(string option) => new(Value(option));

    /// <summary>Value of a <see cref="SamplerOptionKind.Text"/>.</summary>
    public string Text(string option) => Value(option);

    /// <summary>Entries of a <see cref="SamplerOptionKind.Named"/>, by name.</summary>
    public IReadOnlyList<(string Name, string Text)> Named(string option) =>
        [.. Values.Where(one => one.Key.StartsWith(option + ".", StringComparison.Ordinal)).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => (one.Key[(option.Length + 1)..], one.Value))];

    private string Value(string option) =>
        Values.TryGetValue(option, out string? given) ? given : Definition.Options.Single(one => one.Name == option).Default;
}
