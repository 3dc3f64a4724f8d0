using Google.Protobuf;
using Grpc.Testing;

namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>The messages that several cases share.</summary>
internal static class Messages
{
    /// <summary>Bytes of payload in a large request.</summary>
    public const int LargeRequestBytes = 271828;

    /// <summary>Bytes of payload in a large response.</summary>
    public const int LargeResponseBytes = 314159;

    /// <summary>Payload bytes of the four requests of a stream.</summary>
    public static int[] RequestBytes { get; } = [27182, 8, 1828, 45904];

    /// <summary>Payload bytes of the four responses of a stream.</summary>
    public static int[] ResponseBytes { get; } = [31415, 9, 2653, 58979];

    /// <summary>How long a call that should succeed may take.</summary>
    public static DateTime Soon => DateTime.UtcNow.AddSeconds(10);

    public static Payload Zeros(int bytes) => new() { Body = ByteString.CopyFrom(new byte[bytes]) };

    public static SimpleRequest LargeRequest() => new() { ResponseSize = LargeResponseBytes, Payload = Zeros(LargeRequestBytes) };

    public static StreamingOutputCallRequest DuplexRequest(int requestBytes, int responseBytes) => new()
    {
        Payload = Zeros(requestBytes),
        ResponseParameters = { new ResponseParameters { Size = responseBytes } },
    };

    public static void AssertZeros(int bytes, Payload payload)
    {
        Assert.Equal(bytes, payload.Body.Length);
        Assert.False(payload.Body.Span.ContainsAnyExcept((byte)0), "a byte of the payload is not zero");
    }
}
