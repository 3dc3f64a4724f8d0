namespace HostAgent.Torture.Lanes;

/// <summary>Something that can go wrong with one part of the system, and its undoing.</summary>
/// <param name="Kind">Its name in the summary.</param>
/// <param name="Weight">How often it is chosen, against the sum of its lane.</param>
/// <param name="ApplyAsync">Says what it does, does it, waits, undoes it. Must undo even when the wait is cut short.</param>
internal sealed record Fault(string Kind, int Weight, Func<FaultMoment, Task> ApplyAsync);
