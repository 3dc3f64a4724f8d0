namespace HostAgent.Aggregator.Query;

/// <summary>The question is understood but its answer would be larger than allowed; the message says by how much and what helps.</summary>
internal sealed class QueryLimitException(string message) : Exception(message);
