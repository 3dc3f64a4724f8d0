using HostAgent.Grpc.Tests.Interop.Server;

namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>Everything that the interop tests talk to, started once for all of them.</summary>
public sealed class InteropPeers : IAsyncLifetime
{
    private readonly InteropCertificates _certificates = new();
    private PeerProcess? _grpcio;
    private PeerProcess? _grpcJs;
    private OurServer? _ours;

    internal InteropCertificates Certificates => _certificates;

    internal PeerProcess Grpcio => _grpcio!;

    internal PeerProcess GrpcJs => _grpcJs!;

    internal OurServer Ours => _ours!;

    public async ValueTask InitializeAsync()
    {
        Task<PeerProcess> grpcio = PeerProcess.StartGrpcioAsync(_certificates.Folder);
        Task<PeerProcess> grpcJs = PeerProcess.StartGrpcJsAsync(_certificates.Folder);
        _ours = await OurServer.StartAsync(_certificates);
        _grpcio = await grpcio;
        _grpcJs = await grpcJs;
    }

    public async ValueTask DisposeAsync()
    {
        await (_ours?.DisposeAsync() ?? default);
        await (_grpcio?.DisposeAsync() ?? default);
        await (_grpcJs?.DisposeAsync() ?? default);
        _certificates.Dispose();
    }
}
