using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Makes the HTTP/2 request of a call (PROTOCOL-HTTP2.md, Requests).</summary>
internal static class RequestHead
{
    private static readonly MediaTypeHeaderValue ContentType = new(GrpcHeaders.ContentType);
    private static readonly string UserAgent =
        "grpc-dotnet-hostagent/" + (typeof(RequestHead).Assembly.GetName().Version?.ToString(3) ?? "0");

    public static HttpRequestMessage Create(ClientCall call, string? host, TimeSpan? timeout, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(call.Channel.Address, call.Method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = ContentType;
        HttpRequestHeaders headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        if (host is not null)
        {
            headers.Host = host;
        }

        string userAgent = UserAgent;
        if (call.Options.Headers is { Count: > 0 } metadata)
        {
            userAgent = metadata.GetValue("user-agent") is { } prefix ? prefix + " " + UserAgent : UserAgent;
            AddMetadata(request, metadata);
        }

        headers.TryAddWithoutValidation("user-agent", userAgent);
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, call.Channel.Compression.AcceptEncoding);
        if (call.Encoding.Provider is { } provider)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Encoding, provider.EncodingName);
        }

        if (timeout is { } rest)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, TimeoutHeader.Format(rest));
        }

        return request;
    }

    /// <exception cref="RpcException">Internal: a value that HTTP forbids.</exception>
    public static void AddMetadata(HttpRequestMessage request, Metadata metadata)
    {
        MetadataWire.Check(metadata);
        foreach (Metadata.Entry entry in metadata)
        {
            if (GrpcHeaders.IsReserved(entry.Key) || entry.Key == "user-agent")
            {
                continue;
            }

            string value = entry.ToWire();
            if (!request.Headers.TryAddWithoutValidation(entry.Key, value))
            {
                // Names that HttpClient counts among the headers of the body, such as expires.
                request.Content!.Headers.TryAddWithoutValidation(entry.Key, value);
            }
        }
    }
}
