using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>A call in the hands of its service.</summary>
internal sealed class HttpServerCallContext : ServerCallContext
{
    private readonly IMethod _method;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;
    private Dictionary<object, object>? _userState;
    private string? _peer;
    private string? _encodingOverride;
    private MessageWriter? _messages;

    public HttpServerCallContext(HttpContext http, IMethod method, CallSettings settings)
    {
        Http = http;
        _method = method;
        Settings = settings;
        Lifetime = new CallLifetime(this, isStream: method.Type != MethodType.Unary);
    }

    public HttpContext Http { get; }

    public CallSettings Settings { get; }

    public CallLifetime Lifetime { get; }

    /// <summary>Whether the response has a body, so that its status goes into the trailers.</summary>
    public bool BodyBegun { get; set; }

    /// <summary>Trailers to send; does not make any.</summary>
    public Metadata Trailers => _responseTrailers ?? Metadata.Empty;

    /// <summary>Writes the responses. Its first use settles how they are compressed and so the head of the response.</summary>
    public MessageWriter Messages => _messages ??= ResponseCompression.CreateWriter(this, _encodingOverride);

    protected override string MethodCore => _method.FullName;

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore => _peer ??= PeerAddress.Of(Http.Connection);

    protected override DateTime DeadlineCore => Lifetime.Deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders(Http.Request.Headers);

    protected override CancellationToken CancellationTokenCore => Lifetime.Token;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= PeerIdentity.Of(Http.Connection);

    protected override IDictionary<object, object> UserStateCore => _userState ??= [];

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        MetadataWire.Check(responseHeaders);
        Lifetime.EnterWrite();
        try
        {
            if (Http.Response.HasStarted || BodyBegun)
            {
                throw new InvalidOperationException("Response headers can only be sent once per call.");
            }

            _encodingOverride = responseHeaders.GetValue(GrpcHeaders.InternalEncodingRequest);
            HttpReplies.WriteMetadata(Http.Response.Headers, responseHeaders);
            _ = Messages;
            BodyBegun = true;
            await Http.Response.BodyWriter.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            Lifetime.LeaveWrite();
        }
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options)
        => new ServerCallPropagationToken(this, options ?? ContextPropagationOptions.Default);

    private static Metadata ReadRequestHeaders(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            foreach (string? value in values)
            {
                MetadataWire.Add(metadata, name, value ?? "");
            }
        }

        return metadata;
    }
}
