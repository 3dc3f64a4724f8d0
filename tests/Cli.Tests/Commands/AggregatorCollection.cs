using HostAgent.Aggregator.Tests.Api;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>The tests that share one running aggregator.</summary>
[CollectionDefinition(Name)]
public sealed class AggregatorCollection : ICollectionFixture<RunningAggregator>
{
    public const string Name = "aggregator";
}
