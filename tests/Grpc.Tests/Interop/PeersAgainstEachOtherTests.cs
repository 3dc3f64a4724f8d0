using HostAgent.Grpc.Tests.Interop.Harness;

namespace HostAgent.Grpc.Tests.Interop;

/// <summary>The peers pass the cases among themselves: a failure against us is then ours, not theirs.</summary>
[Collection(InteropCollection.Name)]
public sealed class PeersAgainstEachOtherTests(InteropPeers peers)
{
    [Theory]
    [MemberData(nameof(CaseNames.All), MemberType = typeof(CaseNames))]
    public Task Grpcio_client_with_grpc_js_server(string name) => RunAsync(peers.Grpcio, peers.GrpcJs, name);

    [Theory]
    [MemberData(nameof(CaseNames.All), MemberType = typeof(CaseNames))]
    public Task Grpc_js_client_with_grpcio_server(string name) => RunAsync(peers.GrpcJs, peers.Grpcio, name);

    [Fact]
    public async Task A_peer_reports_a_server_that_is_not_there()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => peers.Grpcio.RunCaseAsync("empty_unary", port: 1, Security.Plaintext, checksCompression: false));
        Assert.Contains("UNAVAILABLE", failure.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(PeerProcess client, PeerProcess server, string name)
    {
        await using var tap = new WireTap(server.Ports.Plaintext);
        await client.RunCaseAsync(name, tap.Port, Security.Plaintext, server.ChecksCompression);
        CompressedFlags.AssertSeen(tap, name, server);
    }
}
