using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Decides whether an HTTP request is a gRPC call, and prepares it as one.</summary>
internal static class RequestChecks
{
    /// <summary>False: it has been answered already.</summary>
    public static bool Pass(HttpContext http, CallSettings settings)
    {
        HttpRequest request = http.Request;
        if (request.Protocol is not ("HTTP/2" or "HTTP/3"))
        {
            return Refuse(http, StatusCodes.Status426UpgradeRequired, StatusCode.Internal, $"gRPC needs HTTP/2, not {request.Protocol}.");
        }

        if (request.ContentType is not { } type || !GrpcHeaders.IsGrpcContentType(type))
        {
            return Refuse(
                http, StatusCodes.Status415UnsupportedMediaType, StatusCode.Internal, $"Content-Type '{request.ContentType}' is not supported.");
        }

        string? encoding = request.Headers[GrpcHeaders.Encoding];
        if (encoding is not null and not GrpcHeaders.Identity && settings.FindCompression(encoding) is null)
        {
            http.Response.Headers[GrpcHeaders.AcceptEncoding] = settings.AcceptEncoding;
            return Refuse(http, StatusCodes.Status200OK, StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'.");
        }

        string? timeout = request.Headers[GrpcHeaders.Timeout];
        if (timeout is not null && !TimeoutHeader.TryParse(timeout, out _))
        {
            return Refuse(http, StatusCodes.Status200OK, StatusCode.Internal, $"Invalid grpc-timeout value '{timeout}'.");
        }

        Prepare(http);
        return true;
    }

    private static bool Refuse(HttpContext http, int httpStatus, StatusCode code, string detail)
    {
        HttpReplies.Refuse(http.Response, httpStatus, new Status(code, detail));
        return false;
    }

    /// <summary>A stream has no end in sight and may pause: the limits made for uploads do not apply. Messages have their own.</summary>
    private static void Prepare(HttpContext http)
    {
        http.Response.ContentType = GrpcHeaders.ContentType;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
