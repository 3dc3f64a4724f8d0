using Grpc.Core;
using HostAgent.Grpc.Tests.Interop.Client;
using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

/// <summary>Our client against some server.</summary>
public abstract class OurClientContract(InteropPeers peers) : ConnectionContract(peers)
{
    [Fact]
    public async Task A_server_of_an_unknown_authority_is_unavailable()
    {
        using var others = new InteropCertificates();
        using var client = new InteropClient(Server, Server.Ports.Tls, Security.Tls, others.Authority, shown: null);
        await AssertUnavailableAsync(client);
    }

    [Fact]
    public async Task Without_its_certificate_mutual_tls_is_unavailable()
    {
        using var client = new InteropClient(Server, Server.Ports.Mtls, Security.Mtls, Peers.Certificates.Authority, shown: null);
        await AssertUnavailableAsync(client);
    }

    internal override async Task RunCaseAsync(string name, int port, Security security)
    {
        InteropCertificates certificates = Peers.Certificates;
        using var client = new InteropClient(
            Server, port, security, certificates.Authority, security == Security.Mtls ? certificates.Client : null);
        await InteropCases.RunAsync(name, client);
    }

    private static async Task AssertUnavailableAsync(InteropClient client)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => InteropCases.RunAsync("empty_unary", client));
        Assert.True(error.StatusCode == StatusCode.Unavailable, $"not UNAVAILABLE: {error}");
    }
}
