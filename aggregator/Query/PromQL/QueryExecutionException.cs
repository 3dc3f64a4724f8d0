namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>The query is well-formed but the data do not fit it, for example two series that match one; says which.</summary>
internal sealed class QueryExecutionException(string message) : Exception(message);
