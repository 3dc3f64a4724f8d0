using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

public sealed class OurClientWithGrpcioTests(InteropPeers peers) : OurClientContract(peers)
{
    internal override IInteropServer Server => Peers.Grpcio;
}
