namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>The loopback ports of one interop server.</summary>
internal sealed record ServerPorts(int Plaintext, int Tls, int Mtls)
{
    /// <summary>The port for one kind of connection.</summary>
    public int For(Security security) => security switch
    {
        Security.Plaintext => Plaintext,
        Security.Tls => Tls,
        Security.Mtls => Mtls,
        _ => throw new ArgumentOutOfRangeException(nameof(security), security, null),
    };
}
