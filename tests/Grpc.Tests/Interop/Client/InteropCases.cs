namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>Our client's cases by name.</summary>
internal static class InteropCases
{
    private static readonly Dictionary<string, Func<InteropClient, Task>> All = new(StringComparer.Ordinal)
    {
        ["empty_unary"] = UnaryCases.EmptyUnaryAsync,
        ["large_unary"] = UnaryCases.LargeUnaryAsync,
        ["client_streaming"] = StreamingCases.ClientStreamingAsync,
        ["server_streaming"] = StreamingCases.ServerStreamingAsync,
        ["ping_pong"] = StreamingCases.PingPongAsync,
        ["empty_stream"] = StreamingCases.EmptyStreamAsync,
        ["timeout_on_sleeping_server"] = EndingCases.TimeoutOnSleepingServerAsync,
        ["cancel_after_begin"] = EndingCases.CancelAfterBeginAsync,
        ["cancel_after_first_response"] = EndingCases.CancelAfterFirstResponseAsync,
        ["custom_metadata"] = MetadataCases.CustomMetadataAsync,
        ["status_code_and_message"] = MetadataCases.StatusCodeAndMessageAsync,
        ["special_status_message"] = MetadataCases.SpecialStatusMessageAsync,
        ["unimplemented_method"] = UnaryCases.UnimplementedMethodAsync,
        ["unimplemented_service"] = UnaryCases.UnimplementedServiceAsync,
        ["client_compressed_unary"] = CompressionCases.ClientCompressedUnaryAsync,
        ["server_compressed_unary"] = CompressionCases.ServerCompressedUnaryAsync,
        ["client_compressed_streaming"] = CompressionCases.ClientCompressedStreamingAsync,
        ["server_compressed_streaming"] = CompressionCases.ServerCompressedStreamingAsync,
    };

    /// <summary>Runs one case; throws when the server is wrong, and fails when it gives no answer in 20 s.</summary>
    public static Task RunAsync(string name, InteropClient client) => All[name](client).WaitAsync(TimeSpan.FromSeconds(20));
}
