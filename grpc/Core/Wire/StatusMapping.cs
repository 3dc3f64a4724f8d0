namespace Grpc.Core.Wire;

/// <summary>gRPC statuses for calls that ended without one.</summary>
internal static class StatusMapping
{
    /// <summary>For an HTTP response without <c>grpc-status</c> (http-grpc-status-mapping.md).</summary>
    public static StatusCode FromHttpStatus(int status) => status switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>For a stream or connection ended by an HTTP/2 error code (PROTOCOL-HTTP2.md, Errors; RFC 9113 section 7).</summary>
    public static StatusCode FromHttp2Error(long errorCode) => errorCode switch
    {
        0x5 => StatusCode.Unknown,                              // STREAM_CLOSED
        0x7 => StatusCode.Unavailable,                          // REFUSED_STREAM: not processed, safe to repeat
        0x8 => StatusCode.Cancelled,                            // CANCEL
        0xb => StatusCode.ResourceExhausted,                    // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied,                     // INADEQUATE_SECURITY
        >= 0x0 and <= 0xa => StatusCode.Internal,
        _ => StatusCode.Unknown,
    };
}
