namespace HostAgent.Agent.Spool;

/// <summary>An earlier run of this agent that the aggregator has yet to hear the end of.</summary>
/// <param name="Epoch">The run.</param>
/// <param name="Last">Highest sequence that was kept, or that there was at all when the end was clean; 0: none.</param>
/// <param name="Clean">False: it died, and frames after <paramref name="Last"/> are lost, their number unknown.</param>
internal sealed record EndedEpoch(ulong Epoch, ulong Last, bool Clean);
