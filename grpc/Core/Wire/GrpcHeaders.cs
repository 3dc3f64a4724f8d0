namespace Grpc.Core.Wire;

/// <summary>Names and values of the protocol's own headers (gRPC PROTOCOL-HTTP2.md).</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Identity = "identity";

    /// <summary>Metadata by which a caller asks the client to compress its requests; it never travels.</summary>
    public const string InternalEncodingRequest = "grpc-internal-encoding-request";

    /// <summary>Whether a media type is gRPC: <c>application/grpc</c>, alone or followed by <c>+</c> or <c>;</c>.</summary>
    public static bool IsGrpcContentType(ReadOnlySpan<char> value)
        => value.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
            && (value.Length == ContentType.Length || value[ContentType.Length] is '+' or ';' or ' ');

    /// <summary>Headers that belong to the protocol and are not shown as metadata, nor taken from it.</summary>
    public static bool IsReserved(string name)
        => name.StartsWith(':')
            || (name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
                ? Is(name, Status) || Is(name, Message) || Is(name, Timeout) || Is(name, Encoding) || Is(name, AcceptEncoding)
                    || Is(name, InternalEncodingRequest)
                : Is(name, "content-type") || Is(name, "te") || Is(name, "content-encoding") || Is(name, "content-length")
                    || Is(name, "connection") || Is(name, "transfer-encoding") || Is(name, "host"));

    private static bool Is(string name, string reserved) => name.Equals(reserved, StringComparison.OrdinalIgnoreCase);
}
