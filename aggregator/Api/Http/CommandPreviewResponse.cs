using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>What a command would be.</summary>
internal sealed record CommandPreviewResponse
{
    /// <summary>What the kind does.</summary>
    public required string Help { get; init; }

    /// <summary>The kind changes something.</summary>
    public required bool Changes { get; init; }

    /// <summary>Different operators who have to sign.</summary>
    public required uint SignaturesNeeded { get; init; }

    /// <summary>Every host that is meant.</summary>
    public required IReadOnlyList<PreviewTarget> Targets { get; init; }

    /// <summary>The order as it would be sent to the hosts that can do it, for signing.</summary>
    public required OrderResponse Order { get; init; }

    /// <summary>Translates.</summary>
    public static CommandPreviewResponse From(CommandPlan plan) => new()
    {
        Help = plan.Help,
        Changes = plan.Record.Changes,
        SignaturesNeeded = plan.Record.SignaturesNeeded,
        Targets = [.. plan.Targets.Select(static t => new PreviewTarget(t.Id, t.Name, t.Attached, t.Against))],
        Order = OrderResponse.From(plan.Record),
    };

    /// <summary>A host that is meant.</summary>
    /// <param name="Id">Host id.</param>
    /// <param name="Name">Host name.</param>
    /// <param name="Attached">Its agent would get the order at once.</param>
    /// <param name="Against">Why it cannot or may not do it; null = it can.</param>
    public sealed record PreviewTarget(string Id, string Name, bool Attached, string? Against);
}
