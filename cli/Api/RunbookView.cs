namespace HostAgent.Cli.Api;

/// <summary>A runbook in the aggregator's answers.</summary>
internal sealed record RunbookView(
    string Name, string Description, bool Stock, IReadOnlyList<RunbookView.Parameter> Parameters, IReadOnlyList<string> Steps, string? Yaml)
{
    /// <summary>What is said when it is started.</summary>
    internal sealed record Parameter(string Name, string Help, bool Required, string Default);
}
