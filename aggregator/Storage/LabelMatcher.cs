namespace HostAgent.Aggregator.Storage;

/// <summary>One condition of a selector. <see cref="MetricName"/> as the name selects by metric. An absent label has the value "".</summary>
public sealed record LabelMatcher(string Name, MatchType Type, string Value)
{
    /// <summary>The name by which a matcher speaks of the metric itself.</summary>
    public const string MetricName = "__name__";
}
