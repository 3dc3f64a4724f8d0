using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The status of a call that an exception ended.</summary>
internal static class FailureStatus
{
    public static Status From(Exception e)
    {
        if (e is RpcException rpc)
        {
            return rpc.Status;
        }

        return new Status(CodeOf(e), $"Error starting or running the gRPC call: {Describe(e)}", e);
    }

    /// <summary>Whether the failure was to connect, which is what back-off is about.</summary>
    public static bool IsConnectFailure(Exception e) => e is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    } || IsUnfinishedHandshake(e);

    private static StatusCode CodeOf(Exception e)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case HttpProtocolException protocol:
                    return CodeOf(protocol);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return StatusCode.ResourceExhausted;
                default:
                    break;
            }
        }

        return e switch
        {
            OperationCanceledException => StatusCode.Cancelled,
            _ when IsUnfinishedHandshake(e) => StatusCode.Unavailable,
            HttpRequestException http => CodeOf(http.HttpRequestError),
            HttpIOException io => CodeOf(io.HttpRequestError),
            IOException or SocketException or ObjectDisposedException => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };
    }

    /// <summary>The connection broke before the server's HTTP/2 preface. With TLS 1.3 that is how a server refuses a client without the
    /// right certificate; HttpClient calls it an invalid response.</summary>
    private static bool IsUnfinishedHandshake(Exception e)
    {
        if (e is not HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse })
        {
            return false;
        }

        for (Exception? inner = e.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or (IOException and not HttpIOException))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The specification maps the codes of RST_STREAM. A connection that broke (an unanswered ping is reported so) is another
    /// thing: trying again on a new one can help. Only the text, or its resource name, tells the two apart.</summary>
    private static StatusCode CodeOf(HttpProtocolException e)
    {
        StatusCode code = StatusMapping.FromHttp2Error(e.ErrorCode);
        bool connectionBroke = e.Message.Contains("connection", StringComparison.Ordinal) || e.Message.Contains("ping", StringComparison.Ordinal);
        return code == StatusCode.Internal && connectionBroke ? StatusCode.Unavailable : code;
    }

    private static StatusCode CodeOf(HttpRequestError error) => error switch
    {
        HttpRequestError.ConfigurationLimitExceeded => StatusCode.ResourceExhausted,
        HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError
            or HttpRequestError.ExtendedConnectNotSupported => StatusCode.Internal,
        _ => StatusCode.Unavailable,
    };

    private static string Describe(Exception e)
    {
        string text = e.GetType().Name + ": " + e.Message;
        return e.InnerException is { } inner && !text.Contains(inner.Message, StringComparison.Ordinal)
            ? text + " " + inner.GetType().Name + ": " + inner.Message
            : text;
    }
}
