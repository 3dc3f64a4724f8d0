namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>What one client and one server, at least one of them ours, must do together.</summary>
[Collection(InteropCollection.Name)]
public abstract class ConnectionContract(InteropPeers peers)
{
    protected InteropPeers Peers { get; } = peers;

    internal abstract IInteropServer Server { get; }

    [Theory]
    [MemberData(nameof(CaseNames.All), MemberType = typeof(CaseNames))]
    public async Task Passes_in_plaintext_with_the_right_messages_compressed(string name)
    {
        await using var tap = new WireTap(Server.Ports.Plaintext);
        await RunCaseAsync(name, tap.Port, Security.Plaintext);
        CompressedFlags.AssertSeen(tap, name, Server);
    }

    [Theory]
    [MemberData(nameof(CaseNames.Secured), MemberType = typeof(CaseNames))]
    public Task Passes_over_tls(string name, Security security) => RunCaseAsync(name, Server.Ports.For(security), security);

    internal abstract Task RunCaseAsync(string name, int port, Security security);
}
