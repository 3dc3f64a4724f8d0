using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Numbers the groups of series that agree in some of their labels.</summary>
internal sealed class Signatures(Func<Labels, Labels> part)
{
    private readonly Dictionary<Labels, int> _numbers = [];
    private readonly List<Labels> _groups = [];

    /// <summary>The labels of each group.</summary>
    public IReadOnlyList<Labels> Groups => _groups;

    /// <summary>Groups for the matching clause of a binary operator.</summary>
    public static Signatures For(VectorMatching matching)
        => new(labels => matching.On ? labels.Keep(matching.Labels) : labels.WithoutNameAnd(matching.Labels));

    /// <summary>Groups for the grouping clause of an aggregation.</summary>
    public static Signatures For(AggregateExpression aggregate)
        => new(labels => aggregate.Without ? labels.WithoutNameAnd(aggregate.Grouping) : labels.Keep(aggregate.Grouping));

    /// <summary>The number of each series' group.</summary>
    public int[] Number(IReadOnlyList<Labels> series) => [.. series.Select(Number)];

    private int Number(Labels labels)
    {
        Labels key = part(labels);
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _groups.Count;
            _numbers.Add(key, number);
            _groups.Add(key);
        }

        return number;
    }
}
