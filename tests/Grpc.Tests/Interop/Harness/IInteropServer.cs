namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>A running interop server, ours or a peer's, and what it can do beyond the cases that every server must serve.</summary>
internal interface IInteropServer
{
    /// <summary>Where it listens.</summary>
    public ServerPorts Ports { get; }

    /// <summary>Whether it sees how a request was sent, and answers INVALID_ARGUMENT to a false claim of compression.</summary>
    public bool ChecksCompression { get; }

    /// <summary>Whether it compresses a response when asked to.</summary>
    public bool Compresses { get; }
}
