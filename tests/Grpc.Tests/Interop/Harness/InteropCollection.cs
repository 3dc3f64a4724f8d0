namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>The interop tests share their peers and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class InteropCollection : ICollectionFixture<InteropPeers>
{
    public const string Name = "Interop";
}
