namespace HostAgent.Agent.Sampling;

/// <summary>Takes what a tick has read, for example to put it into a frame.</summary>
public interface ITickConsumer
{
    /// <summary>Called once per tick, on the tick thread; it must neither block nor throw.</summary>
    /// <param name="timeUnixMs">The planned instant of the tick: a multiple of the interval in unix milliseconds, larger than that of the
    /// tick before except after the wall clock was set back.</param>
    /// <param name="groups">Ids of the groups that have a sample in this tick, ascending, at least one. A group that is
    /// due but missing here has no data: its sampler failed, hangs, or has nothing to say.</param>
    /// <param name="table">The series; valid during the call only.</param>
    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table);
}
