namespace HostAgent.Aggregator.Runbooks;

/// <summary>Something that is said when a runbook is started.</summary>
/// <param name="Name">Name, as in <c>${name}</c>.</param>
/// <param name="Help">What it means.</param>
/// <param name="Required">It must be given.</param>
/// <param name="Default">What it is otherwise; may mention parameters that stand before it.</param>
public sealed record RunbookParameter(string Name, string Help, bool Required, string Default);
