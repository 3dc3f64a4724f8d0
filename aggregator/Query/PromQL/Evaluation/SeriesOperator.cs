namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A vector expression being evaluated: it says at once which series it can give, and gives them one after another, each with all its
/// steps. So a sum over ten thousand series holds one of them at a time.</summary>
internal abstract class SeriesOperator
{
    /// <summary>Labels of the series, in the order in which they come. Some may turn out to have no values.</summary>
    public abstract IReadOnlyList<Labels> Series { get; }

    /// <summary>Moves to the next series and fills <paramref name="into"/> with its values. Called once for each of <see cref="Series"/>.</summary>
    public abstract void Next(StepValues into);
}
