namespace HostAgent.EndToEnd.Tests.Exposition;

/// <summary>A metric of a text exposition: its type, its help and its samples by label set.</summary>
internal sealed record ExpositionFamily(string Name, string Type, string Help, IReadOnlyDictionary<string, double> Samples);
