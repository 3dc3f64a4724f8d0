using HostAgent.V1;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>A command that the agent orders itself when something holds for a while, at most so often.</summary>
/// <param name="Name">Lower-case letters, digits and dashes; the command is requested by <c>reflex:NAME</c>.</param>
/// <param name="When">What must hold.</param>
/// <param name="Ticks">For how many samples in a row.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Args">With which arguments.</param>
/// <param name="Limit">How often at most.</param>
/// <param name="Place">Where it stands: <c>FILE:LINE</c>.</param>
internal sealed record ReflexRule(
    string Name, SeriesCondition When, int Ticks, string Kind, IReadOnlyList<Arg> Args, Budget Limit, string Place);
