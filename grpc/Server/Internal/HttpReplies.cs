using System.Globalization;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes statuses and metadata as headers and trailers (PROTOCOL-HTTP2.md, Responses).</summary>
internal static class HttpReplies
{
    private static readonly string[] Codes =
        [.. Enumerable.Range(0, (int)StatusCode.Unauthenticated + 1).Select(static code => code.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Ends a request before it became a call: a trailers-only reply.</summary>
    public static void Refuse(HttpResponse response, int httpStatus, Status status)
    {
        response.StatusCode = httpStatus;
        response.ContentType = GrpcHeaders.ContentType;
        WriteStatus(response.Headers, status, Metadata.Empty);
    }

    /// <summary>Ends a call: in the head when nothing has been sent (trailers-only), in the trailers otherwise.</summary>
    public static void End(HttpResponse response, bool bodyBegun, Status status, Metadata trailers)
    {
        IHeaderDictionary destination = bodyBegun || response.HasStarted
            ? response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
                ?? throw new InvalidOperationException("The server does not support trailers.")
            : response.Headers;
        WriteStatus(destination, status, trailers);
    }

    /// <summary>Adds metadata to headers or trailers.</summary>
    public static void WriteMetadata(IHeaderDictionary destination, Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                destination.Append(entry.Key, entry.ToWire());
            }
        }
    }

    private static void WriteStatus(IHeaderDictionary destination, Status status, Metadata trailers)
    {
        int code = (int)status.StatusCode;
        destination[GrpcHeaders.Status] = (uint)code < (uint)Codes.Length ? Codes[code] : code.ToString(CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
        {
            destination[GrpcHeaders.Message] = StatusMessage.Encode(status.Detail);
        }

        WriteMetadata(destination, trailers);
    }
}
