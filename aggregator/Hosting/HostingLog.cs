namespace HostAgent.Aggregator.Hosting;

/// <summary>Log messages of the program's start and end.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "hostaggregator {Version} is ready: HTTP {Http}, gRPC {Grpc}, data in {Directory}")]
    public static partial void Listening(ILogger logger, string version, string http, string grpc, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ended as asked")]
    public static partial void Ended(ILogger logger);
}
