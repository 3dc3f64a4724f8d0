namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>One group of an aggregation: takes series after series, keeps what it needs of each step.</summary>
internal abstract class GroupAccumulator
{
    /// <summary>Takes a series.</summary>
    public abstract void Add(StepValues series);

    /// <summary>Fills in the results; called once, after the last series.</summary>
    public abstract void Finish(StepValues into);
}
