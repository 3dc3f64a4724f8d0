namespace HostAgent.Agent.Commands.Journal;

/// <summary>What a command acts on.</summary>
/// <param name="Subject">As the policy names it.</param>
/// <param name="Chain">How many runs of the same kind there were on it in a row, this one included, each of them before the effect of the last one had
/// lasted; 1 for the first.</param>
internal readonly record struct SubjectRun(string Subject, int Chain);
