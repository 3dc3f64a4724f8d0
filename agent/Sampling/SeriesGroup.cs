namespace HostAgent.Agent.Sampling;

/// <summary>What one sampler reads in one go: its series have a sample in exactly the ticks that name the group.</summary>
/// <param name="Id">Dense from 0; stays the same for the life of the table.</param>
/// <param name="Name">The sampler's name.</param>
/// <param name="Interval">Planned time between two samples.</param>
public sealed record SeriesGroup(int Id, string Name, TimeSpan Interval);
