namespace HostAgent.Cli.Api;

/// <summary>The answer of POST /v1/commands/preview.</summary>
internal sealed record CommandPreview(string Help, bool Changes, uint SignaturesNeeded, IReadOnlyList<CommandPreview.Target> Targets, OrderView Order)
{
    /// <summary>A host that is meant; <paramref name="Against"/> says why it cannot do it.</summary>
    internal sealed record Target(string Id, string Name, bool Attached, string? Against);
}
