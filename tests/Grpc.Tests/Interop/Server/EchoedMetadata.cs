using Grpc.Core;

namespace HostAgent.Grpc.Tests.Interop.Server;

/// <summary>The two metadata entries that an interop server sends back: one in the headers, one in the trailers.</summary>
internal static class EchoedMetadata
{
    /// <summary>Echoed in the response headers.</summary>
    public const string InitialKey = "x-grpc-test-echo-initial";

    /// <summary>Echoed in the trailers.</summary>
    public const string TrailingKey = "x-grpc-test-echo-trailing-bin";

    private const string CompressionKey = "grpc-internal-encoding-request";

    /// <summary>Sends the headers and sets the trailers that the request asks for; <paramref name="compressed"/> turns gzip on for the
    /// messages of the call.</summary>
    public static async Task SendAsync(ServerCallContext context, bool compressed)
    {
        var headers = new Metadata();
        foreach (Metadata.Entry entry in context.RequestHeaders)
        {
            if (entry.Key == InitialKey)
            {
                headers.Add(entry);
            }
            else if (entry.Key == TrailingKey)
            {
                context.ResponseTrailers.Add(entry);
            }
        }

        if (compressed)
        {
            headers.Add(CompressionKey, "gzip");
        }

        // Without something to say the headers go with the first message, or with the status alone.
        if (headers.Count > 0)
        {
            await context.WriteResponseHeadersAsync(headers);
        }
    }
}
