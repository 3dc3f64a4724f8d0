using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads the head and the trailers of a response (PROTOCOL-HTTP2.md, Responses).</summary>
internal static class ResponseHead
{
    /// <summary>The status of a call that ends with its head: trailers-only, or not gRPC at all. Null when messages may follow.</summary>
    public static Status? Judge(HttpResponseMessage response)
    {
        if (StatusFrom(response.Headers) is { } status)
        {
            return status;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            int code = (int)response.StatusCode;
            return new Status(StatusMapping.FromHttpStatus(code), $"Bad gRPC response. HTTP status code: {code}");
        }

        return response.Content.Headers.NonValidated.TryGetValues("content-type", out HeaderStringValues type)
            && GrpcHeaders.IsGrpcContentType(type.ToString())
            ? null
            : new Status(StatusCode.Unknown, $"Bad gRPC response. Invalid content-type value: {type}");
    }

    /// <summary>The status in these headers or trailers; null when there is none.</summary>
    public static Status? StatusFrom(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(GrpcHeaders.Status, out HeaderStringValues text))
        {
            return null;
        }

        // A code that is not in the enumeration is treated as Unknown (statuscodes.md).
        StatusCode code = int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is >= 0 and <= (int)StatusCode.Unauthenticated
            ? (StatusCode)number
            : StatusCode.Unknown;
        string detail = headers.NonValidated.TryGetValues(GrpcHeaders.Message, out HeaderStringValues message)
            ? StatusMessage.Decode(message.ToString())
            : code == StatusCode.Unknown && number != (int)StatusCode.Unknown ? $"Unexpected grpc-status value: {text}" : "";
        return new Status(code, detail);
    }

    /// <summary>The metadata at the head of a response.</summary>
    public static Metadata MetadataFrom(HttpResponseMessage response)
    {
        Metadata metadata = MetadataFrom(response.Headers, null);
        return MetadataFrom(response.Content.Headers, metadata);
    }

    /// <summary>The metadata in these trailers.</summary>
    public static Metadata MetadataFrom(HttpHeaders headers) => MetadataFrom(headers, null);

    /// <summary>The algorithm the response names; null for identity.</summary>
    public static string? EncodingOf(HttpResponseMessage response)
        => response.Headers.NonValidated.TryGetValues(GrpcHeaders.Encoding, out HeaderStringValues encoding) ? encoding.ToString() : null;

    private static Metadata MetadataFrom(HttpHeaders headers, Metadata? into)
    {
        into ??= [];
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated)
        {
            foreach (string value in header.Value)
            {
                MetadataWire.Add(into, header.Key, value);
            }
        }

        return into;
    }
}
