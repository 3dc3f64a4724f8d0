namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>What protects a connection; every interop server listens on one port for each.</summary>
public enum Security
{
    /// <summary>HTTP/2 by prior knowledge.</summary>
    Plaintext,

    /// <summary>TLS; the client verifies the server.</summary>
    Tls,

    /// <summary>TLS; each verifies the other.</summary>
    Mtls,
}
