namespace HostAgent.Agent.Sampling;

/// <summary>The definition of one series: a metric with its labels, read by one group. The value stands in <see cref="SeriesTable.Raw"/>.</summary>
public sealed class Series
{
    internal Series(int id, int group, Metric metric, (string Name, string Value)[] labels)
    {
        Id = id;
        Group = group;
        Metric = metric;
        Labels = labels;
    }

    /// <summary>Dense from 0, never used again within a generation of the table.</summary>
    public int Id { get; }

    /// <summary>Id of its <see cref="SeriesGroup"/>.</summary>
    public int Group { get; }

    /// <summary>What is measured.</summary>
    public Metric Metric { get; }

    /// <summary>Labels in the sampler's order; names are unique.</summary>
    public IReadOnlyList<(string Name, string Value)> Labels { get; }

    /// <summary>True once the thing it measured has gone: it has no more samples.</summary>
    public bool Ended { get; internal set; }
}
