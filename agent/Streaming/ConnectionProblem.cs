using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace HostAgent.Agent.Streaming;

/// <summary>Says in an operator's words why there is no connection. The static file has no texts of the runtime in it, only their names
/// (<c>net_http_invalid_response_missing_frame</c>), so the types and codes of the exceptions decide, not their messages.</summary>
internal static class ConnectionProblem
{
    /// <summary>What <paramref name="error"/> means; of a call's status, what its cause means, or what the aggregator itself said.</summary>
    public static string InWords(Exception error)
    {
        if (error is RpcException rpc)
        {
            return rpc.Status.DebugException is { } cause ? InWords(cause) : rpc.Status.Detail.Length > 0 ? rpc.Status.Detail : rpc.Message;
        }

        // The outermost that is known decides, except that a TLS failure says more than the connection that ends with it.
        string? words = null;
        bool isHttp = false;
        for (Exception? one = error; one is not null; one = one.InnerException)
        {
            if (one is AuthenticationException)
            {
                return Tls(error);
            }

            // An end of the stream in the middle of something is a plain IOException inside the request's; one of the disk stands alone.
            isHttp |= one is HttpRequestException;
            words = Of(one) ?? (isHttp && one is IOException and not HttpIOException ? Ended : words); // the innermost is nearest to the cause
        }

        return words ?? Innermost(error).Message;
    }

    private static string? Of(Exception error) => error switch
    {
        SocketException socket => Of(socket.SocketErrorCode),
        HttpProtocolException protocol => $"the aggregator ended the stream (HTTP/2 error {protocol.ErrorCode})",
        HttpRequestException request => Of(request.HttpRequestError),
        HttpIOException io => Of(io.HttpRequestError),
        OperationCanceledException => "no answer in time",
        ObjectDisposedException => "the aggregator ended the connection", // while a request was on its way into it
        _ => null,
    };

    private static string? Of(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name does not resolve",
        HttpRequestError.ConnectionError => "nothing answers there",
        HttpRequestError.SecureConnectionError => NoTls,
        HttpRequestError.VersionNegotiationError or HttpRequestError.InvalidResponse =>
            "what answers there is no HTTP/2 endpoint; the gRPC port is wanted (7443, not 7480)",
        HttpRequestError.ResponseEnded => Ended,
        _ => null,
    };

    private static string Of(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "nothing listens there (connection refused): the aggregator is down, or has another port",
        SocketError.HostNotFound or SocketError.NoData => "its name does not resolve",
        SocketError.TryAgain or SocketError.NoRecovery => "its name cannot be resolved: no name server answers",
        SocketError.TimedOut => "no answer (timed out)",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => $"there is no way to it ({error})",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => Ended,
        SocketError.AccessDenied => "this system does not allow the connection (access denied): a firewall, or the unit's sandbox",
        _ => $"socket error {error}",
    };

    private const string Ended = "the aggregator ended the connection";
    private const string NoTls = "the TLS handshake failed: what answers there does not speak TLS, or ended the handshake";

    /// <summary>SslStream names the policy errors and the chain's status in its message, also where the text around them is missing.</summary>
    private static string Tls(Exception error)
    {
        string? reason = null;
        for (Exception? one = error; one is not null && reason is null; one = one.InnerException)
        {
            reason = one is not AuthenticationException ? null
                : Names(one, "RemoteCertificateNameMismatch") ? "it is for another name than the one in the URL"
                : Names(one, "NotTimeValid") ? "it has expired or is not valid yet; check the clocks of both"
                : Names(one, "UntrustedRoot") || Names(one, "PartialChain") || Names(one, "NotSignatureValid") ?
                    "none of the authorities that this host trusts (learned at enrolment, or the setting ca) has signed it"
                : Names(one, "Revoked") ? "it has been revoked"
                : Names(one, "RemoteCertificateNotAvailable") ? "it showed none"
                : Names(one, "RemoteCertificateChainErrors") || Names(one, "cert_chain") ? "its chain is not sound"
                : null;
        }

        return reason is null ? NoTls : $"the aggregator's certificate was not accepted: {reason}";
    }

    private static bool Names(Exception error, string status) => error.Message.Contains(status, StringComparison.Ordinal);

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }
}
