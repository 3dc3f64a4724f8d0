namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>An end of the interval of a query.</summary>
internal enum QueryBound
{
    Start,
    End,
}
