namespace HostAgent.Grpc.Tests.Interop.Harness;

/// <summary>The cases, by the names that the public interoperability descriptions give them.</summary>
public static class CaseNames
{
    /// <summary>Every case; cacheable_unary aside, which needs a caching proxy, and the cases that need a cloud's credentials.</summary>
    public static TheoryData<string> All { get; } =
    [
        "empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong", "empty_stream", "timeout_on_sleeping_server",
        "cancel_after_begin", "cancel_after_first_response", "custom_metadata", "status_code_and_message", "special_status_message",
        "unimplemented_method", "unimplemented_service", "client_compressed_unary", "server_compressed_unary",
        "client_compressed_streaming", "server_compressed_streaming",
    ];

    /// <summary>The cases that are also run over TLS and over mutual TLS: big messages, many frames, headers and trailers, a reset.</summary>
    public static TheoryData<string, Security> Secured { get; } = new MatrixTheoryData<string, Security>(
        ["large_unary", "ping_pong", "custom_metadata", "cancel_after_first_response"], [Security.Tls, Security.Mtls]);
}
