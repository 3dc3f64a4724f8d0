using System.Net;
using Google.Protobuf;
using Grpc.Core.Wire;

namespace HostAgent.Grpc.Tests.Support;

/// <summary>Calls made by hand over HttpClient, to say what a well-behaved client would not.</summary>
internal static class RawCall
{
    public static HttpRequestMessage Create(ProbeServer server, string method, IMessage message)
        => Create(server, method, Frame(message.ToByteArray()));

    public static HttpRequestMessage Create(ProbeServer server, string method, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.Address + "/hostagent.grpc.probe.Probe/" + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }

    /// <summary>A message with its prefix.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> payload, byte flag = 0)
    {
        byte[] frame = new byte[MessageFrame.HeaderBytes + payload.Length];
        MessageFrame.WriteHeader(frame, compressed: false, payload.Length);
        frame[0] = flag;
        payload.CopyTo(frame.AsSpan(MessageFrame.HeaderBytes));
        return frame;
    }

    /// <summary>The status of a reply, wherever it stands.</summary>
    public static async Task<string?> StatusAsync(HttpResponseMessage response)
    {
        await response.Content.ReadAsByteArrayAsync();
        return response.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? trailer) ? trailer.Single()
            : response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? header) ? header.Single()
            : null;
    }
}
