using Grpc.Core;
using Grpc.Testing;

namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>Compressed and plain messages in one call. What travelled compressed is asserted on the wire, by the test's relay.</summary>
internal static class CompressionCases
{
    private static Metadata Gzip => new() { { "grpc-internal-encoding-request", "gzip" } };

    public static async Task ClientCompressedUnaryAsync(InteropClient client)
    {
        if (client.ChecksCompression)
        {
            RpcException error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(claimed: true, headers: null));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        }

        await CallAsync(claimed: true, Gzip);
        await CallAsync(claimed: false, headers: null);

        async Task CallAsync(bool claimed, Metadata? headers)
        {
            SimpleRequest request = Messages.LargeRequest();
            request.ExpectCompressed = new BoolValue { Value = claimed };
            SimpleResponse response = await client.Service.UnaryCallAsync(request, headers, Messages.Soon);
            Messages.AssertZeros(Messages.LargeResponseBytes, response.Payload);
        }
    }

    public static async Task ClientCompressedStreamingAsync(InteropClient client)
    {
        if (client.ChecksCompression)
        {
            using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> probe =
                client.Service.StreamingInputCall(deadline: Messages.Soon);
            await probe.RequestStream.WriteAsync(Request(27182, claimed: true));
            RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await probe);
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        }

        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            client.Service.StreamingInputCall(Gzip, Messages.Soon);
        await call.RequestStream.WriteAsync(Request(27182, claimed: true));
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(Request(45904, claimed: false));
        await call.RequestStream.CompleteAsync();
        Assert.Equal(27182 + 45904, (await call).AggregatedPayloadSize);

        static StreamingInputCallRequest Request(int bytes, bool claimed)
            => new() { ExpectCompressed = new BoolValue { Value = claimed }, Payload = Messages.Zeros(bytes) };
    }

    public static async Task ServerCompressedUnaryAsync(InteropClient client)
    {
        foreach (bool compressed in new[] { true, false })
        {
            SimpleRequest request = Messages.LargeRequest();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            SimpleResponse response = await client.Service.UnaryCallAsync(request, deadline: Messages.Soon);
            Messages.AssertZeros(Messages.LargeResponseBytes, response.Payload);
        }
    }

    public static async Task ServerCompressedStreamingAsync(InteropClient client)
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Size = 31415, Compressed = new BoolValue { Value = true } },
                new ResponseParameters { Size = 92653, Compressed = new BoolValue { Value = false } },
            },
        };
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call =
            client.Service.StreamingOutputCall(request, deadline: Messages.Soon);
        Assert.True(await call.ResponseStream.MoveNext());
        Messages.AssertZeros(31415, call.ResponseStream.Current.Payload);
        Assert.True(await call.ResponseStream.MoveNext());
        Messages.AssertZeros(92653, call.ResponseStream.Current.Payload);
        Assert.False(await call.ResponseStream.MoveNext());
    }
}
