namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The samples of one series, ascending, without stale markers for windows.</summary>
internal abstract class SampleFeed
{
    /// <summary>The next sample; false at the end.</summary>
    public abstract bool TryNext(out long unixMs, out double value);
}
