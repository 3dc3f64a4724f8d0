using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Client;

/// <summary>Options of a channel.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>How the channel is secured. Null (default): TLS for https addresses, plain text for http addresses.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>Longest message to send, in bytes, before compression. Null (default): no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Longest message to receive, in bytes, expanded. Null: no limit. Default 4,194,304 (4 MB).</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Algorithms for messages. Null (default): gzip and deflate.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>The client that sends the requests; excludes <see cref="HttpHandler"/>. Null (default): the channel makes its own.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler that sends the requests; excludes <see cref="HttpClient"/>. TLS, proxy, keep-alive pings and windows are its
    /// settings (see <see cref="SocketsHttpHandler"/>). Null (default): the channel makes its own, without keep-alive pings.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether disposing the channel disposes <see cref="HttpClient"/> or <see cref="HttpHandler"/>. Default false; what the
    /// channel made itself it always disposes.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether a call that its caller cancelled, or whose deadline passed, throws <see cref="OperationCanceledException"/>
    /// instead of <see cref="RpcException"/>. Default false.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Whether call credentials are sent over plain text. Default false: they are left out.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>Pause after the first failed connection; it grows by 1.6 with each further failure and is spread by 20 %. Calls made
    /// during the pause fail at once with Unavailable, or wait if they are wait-for-ready. Zero disables pauses. Default 1 s.</summary>
    public TimeSpan InitialReconnectBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between connections. Null: no limit. Default 120 s.</summary>
    public TimeSpan? MaxReconnectBackoff { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Clock and timers of deadlines and pauses.</summary>
    internal TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
