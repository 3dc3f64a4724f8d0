using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

public sealed class OurClientWithGrpcJsTests(InteropPeers peers) : OurClientContract(peers)
{
    internal override IInteropServer Server => Peers.GrpcJs;
}
