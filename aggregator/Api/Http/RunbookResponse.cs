using HostAgent.Aggregator.Runbooks;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A runbook.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Stock">It comes with the program.</param>
/// <param name="Parameters">What is said when it is started.</param>
/// <param name="Steps">Names of its steps.</param>
/// <param name="Yaml">Its text; null in lists.</param>
internal sealed record RunbookResponse(
    string Name, string Description, bool Stock, IReadOnlyList<RunbookParameter> Parameters, IReadOnlyList<string> Steps, string? Yaml)
{
    /// <summary>Translates.</summary>
    public static RunbookResponse From(Runbook runbook, bool stock, string? yaml)
        => new(runbook.Name, runbook.Description, stock, runbook.Parameters, [.. runbook.Steps.Select(static s => s.Name)], yaml);
}
