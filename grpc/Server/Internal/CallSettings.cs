using System.IO.Compression;
using Grpc.Core.Wire;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What all calls of one service share.</summary>
internal sealed class CallSettings
{
    private readonly ICompressionProvider[] _providers;

    public CallSettings(GrpcServiceOptions shared, GrpcServiceOptions own, ServerShutdown shutdown, ILogger logger)
    {
        MaxSendMessageSize = own.IsMaxSendMessageSizeSet ? own.MaxSendMessageSize : shared.MaxSendMessageSize;
        MaxReceiveMessageSize = own.IsMaxReceiveMessageSizeSet ? own.MaxReceiveMessageSize : shared.MaxReceiveMessageSize;
        DetailedErrors = own.EnableDetailedErrors ?? shared.EnableDetailedErrors ?? false;
        ResponseCompressionAlgorithm = own.ResponseCompressionAlgorithm ?? shared.ResponseCompressionAlgorithm;
        ResponseCompressionLevel = own.ResponseCompressionLevel ?? shared.ResponseCompressionLevel;
        _providers = [.. shared.CompressionProviders];
        AcceptEncoding = string.Join(',', _providers.Select(static p => p.EncodingName).Prepend(GrpcHeaders.Identity));
        Interceptors = [.. shared.Interceptors, .. own.Interceptors];
        Shutdown = shutdown;
        Logger = logger;
    }

    public int? MaxSendMessageSize { get; }

    public int? MaxReceiveMessageSize { get; }

    public bool DetailedErrors { get; }

    public string? ResponseCompressionAlgorithm { get; }

    public CompressionLevel? ResponseCompressionLevel { get; }

    /// <summary>Value of <c>grpc-accept-encoding</c>.</summary>
    public string AcceptEncoding { get; }

    public IReadOnlyList<InterceptorRegistration> Interceptors { get; }

    public ServerShutdown Shutdown { get; }

    public ILogger Logger { get; }

    /// <summary>Clock and timers of deadlines.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The algorithm with this name, or null.</summary>
    public ICompressionProvider? FindCompression(string? encoding)
    {
        foreach (ICompressionProvider provider in _providers)
        {
            if (provider.EncodingName == encoding)
            {
                return provider;
            }
        }

        return null;
    }
}
