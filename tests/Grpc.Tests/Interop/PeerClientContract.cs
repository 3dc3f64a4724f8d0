using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

/// <summary>Some peer's client against our server.</summary>
public abstract class PeerClientContract(InteropPeers peers) : ConnectionContract(peers)
{
    internal override IInteropServer Server => Peers.Ours;

    internal abstract PeerProcess Client { get; }

    internal override Task RunCaseAsync(string name, int port, Security security)
        => Client.RunCaseAsync(name, port, security, Server.ChecksCompression);
}
