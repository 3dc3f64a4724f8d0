using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

public sealed class GrpcioWithOurServerTests(InteropPeers peers) : PeerClientContract(peers)
{
    internal override PeerProcess Client => Peers.Grpcio;
}
