namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>How series of two vectors find each other.</summary>
/// <param name="Cardinality">group_left, group_right or neither.</param>
/// <param name="On">True: <paramref name="Labels"/> must agree; false: all others must.</param>
/// <param name="Labels">The labels of on or ignoring.</param>
/// <param name="Include">Labels that the result takes from the "one" side.</param>
internal sealed record VectorMatching(VectorCardinality Cardinality, bool On, IReadOnlyList<string> Labels, IReadOnlyList<string> Include);
