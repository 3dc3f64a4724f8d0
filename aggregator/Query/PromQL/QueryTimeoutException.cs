namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>The query took longer than <see cref="PromQLOptions.Timeout"/>. A shorter interval, a longer step or fewer series help.</summary>
internal sealed class QueryTimeoutException(string message) : Exception(message);
