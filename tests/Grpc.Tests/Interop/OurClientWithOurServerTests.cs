using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

public sealed class OurClientWithOurServerTests(InteropPeers peers) : OurClientContract(peers)
{
    internal override IInteropServer Server => Peers.Ours;
}
