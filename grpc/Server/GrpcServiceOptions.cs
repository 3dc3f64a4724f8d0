using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>Options of services.</summary>
public class GrpcServiceOptions
{
    private int? _maxReceiveMessageSize;
    private int? _maxSendMessageSize;

    /// <summary>Longest message to send, in bytes, before compression. Null (default): no limit.</summary>
    public int? MaxSendMessageSize
    {
        get => _maxSendMessageSize;
        set
        {
            _maxSendMessageSize = value;
            IsMaxSendMessageSizeSet = true;
        }
    }

    /// <summary>Longest message to receive, in bytes, expanded. Null: no limit. Default 4,194,304 (4 MB).</summary>
    public int? MaxReceiveMessageSize
    {
        get => IsMaxReceiveMessageSizeSet ? _maxReceiveMessageSize : 4 * 1024 * 1024;
        set
        {
            _maxReceiveMessageSize = value;
            IsMaxReceiveMessageSizeSet = true;
        }
    }

    /// <summary>Whether the text of an unexpected exception is sent to the client. Default false.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>Whether calls of services that are not mapped are left to other endpoints. Default false: they get Unimplemented.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>Algorithm for responses to clients that accept it, such as <c>gzip</c>. Null (default): responses are not compressed.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>Level of <see cref="ResponseCompressionAlgorithm"/>. Null (default): the provider's own.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Algorithms for messages. Default: gzip and deflate.</summary>
    public IList<ICompressionProvider> CompressionProviders { get; set; } =
    [
        new GzipCompressionProvider(CompressionLevel.Fastest),
        new DeflateCompressionProvider(CompressionLevel.Fastest),
    ];

    /// <summary>Interceptors, in the order in which they see a call. Those of a service come after those of all services.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool IsMaxSendMessageSizeSet { get; private set; }

    internal bool IsMaxReceiveMessageSizeSet { get; private set; }
}
