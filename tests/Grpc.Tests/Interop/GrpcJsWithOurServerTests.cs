using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

public sealed class GrpcJsWithOurServerTests(InteropPeers peers) : PeerClientContract(peers)
{
    internal override PeerProcess Client => Peers.GrpcJs;
}
