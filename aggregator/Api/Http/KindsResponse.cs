using HostAgent.V1;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Every kind of command that an agent offers.</summary>
/// <param name="Kinds">By name.</param>
internal sealed record KindsResponse(IReadOnlyList<KindsResponse.Kind> Kinds)
{
    /// <summary>A kind.</summary>
    /// <param name="Name">For example service.restart.</param>
    /// <param name="Help">What it does.</param>
    /// <param name="Changes">False: it only looks.</param>
    /// <param name="Signatures">Different operators who have to sign.</param>
    /// <param name="Args">What it takes.</param>
    /// <param name="Hosts">Hosts whose agents offer it.</param>
    public sealed record Kind(string Name, string Help, bool Changes, uint Signatures, IReadOnlyList<Arg> Args, int Hosts);

    /// <summary>An argument.</summary>
    /// <param name="Name">Name.</param>
    /// <param name="Help">What it means.</param>
    /// <param name="Type">text, integer, boolean, duration, choice, path or name.</param>
    /// <param name="Required">It must be given.</param>
    /// <param name="Default">What it is when not given; null = nothing.</param>
    /// <param name="Choices">What it may be; null = see type.</param>
    public sealed record Arg(string Name, string Help, string Type, bool Required, string? Default, IReadOnlyList<string>? Choices);

    /// <summary>Translates.</summary>
    public static Kind From(CommandKindDef kind, int hosts) => new(
        kind.Kind, kind.Help, kind.Changes, kind.Signatures,
        [.. kind.Args.Select(static a => new Arg(
            a.Name, a.Help, a.Type.ToString().ToLowerInvariant(), a.Required, a.DefaultValue.Length > 0 ? a.DefaultValue : null,
            a.Choices.Count > 0 ? [.. a.Choices] : null))],
        hosts);
}
