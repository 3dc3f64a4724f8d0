namespace HostAgent.Cli.Api;

/// <summary>The answer of GET /v1/kinds.</summary>
internal sealed record KindList(IReadOnlyList<KindList.Kind> Kinds)
{
    /// <summary>A kind of command.</summary>
    internal sealed record Kind(string Name, string Help, bool Changes, uint Signatures, IReadOnlyList<Arg> Args, int Hosts);

    /// <summary>What it takes.</summary>
    internal sealed record Arg(string Name, string Help, string Type, bool Required, string? Default, IReadOnlyList<string>? Choices);
}
