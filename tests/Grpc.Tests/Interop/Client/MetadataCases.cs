using Grpc.Core;
using Grpc.Testing;
using HostAgent.Grpc.Tests.Interop.Server;

namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>Headers, trailers and the status with its message.</summary>
internal static class MetadataCases
{
    private const string InitialValue = "test_initial_metadata_value";
    private const string SpecialMessage = "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608\t\n";
    private static readonly byte[] TrailingValue = [0xab, 0xab, 0xab];

    public static async Task CustomMetadataAsync(InteropClient client)
    {
        var sent = new Metadata { { EchoedMetadata.InitialKey, InitialValue }, { EchoedMetadata.TrailingKey, TrailingValue } };
        using (AsyncUnaryCall<SimpleResponse> unary = client.Service.UnaryCallAsync(Messages.LargeRequest(), sent, Messages.Soon))
        {
            Messages.AssertZeros(Messages.LargeResponseBytes, (await unary).Payload);
            AssertEchoed(await unary.ResponseHeadersAsync, unary.GetTrailers());
        }

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
            client.Service.FullDuplexCall(sent, Messages.Soon);
        await stream.RequestStream.WriteAsync(Messages.DuplexRequest(Messages.LargeRequestBytes, Messages.LargeResponseBytes));
        await stream.RequestStream.CompleteAsync();
        Metadata headers = await stream.ResponseHeadersAsync;
        Assert.True(await stream.ResponseStream.MoveNext());
        Messages.AssertZeros(Messages.LargeResponseBytes, stream.ResponseStream.Current.Payload);
        Assert.False(await stream.ResponseStream.MoveNext());
        AssertEchoed(headers, stream.GetTrailers());
    }

    public static async Task StatusCodeAndMessageAsync(InteropClient client)
    {
        var wanted = new EchoStatus { Code = (int)StatusCode.Unknown, Message = "test status message" };
        await AssertUnaryStatusAsync(client, wanted);

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
            client.Service.FullDuplexCall(deadline: Messages.Soon);
        await stream.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = wanted });
        await CompleteUnlessEndedAsync(stream.RequestStream);
        AssertStatus(wanted, await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext()));
    }

    public static Task SpecialStatusMessageAsync(InteropClient client)
        => AssertUnaryStatusAsync(client, new EchoStatus { Code = (int)StatusCode.Unknown, Message = SpecialMessage });

    private static async Task AssertUnaryStatusAsync(InteropClient client, EchoStatus wanted)
    {
        var request = new SimpleRequest { ResponseStatus = wanted };
        AssertStatus(wanted, await Assert.ThrowsAsync<RpcException>(
            async () => await client.Service.UnaryCallAsync(request, deadline: Messages.Soon)));
    }

    /// <summary>The server may have ended the call with its status already, and then half-closing it is too late.</summary>
    private static async Task CompleteUnlessEndedAsync(IClientStreamWriter<StreamingOutputCallRequest> requests)
    {
        try
        {
            await requests.CompleteAsync();
        }
        catch (Exception ended) when (ended is InvalidOperationException or RpcException)
        {
        }
    }

    private static void AssertStatus(EchoStatus wanted, RpcException error)
    {
        Assert.Equal(wanted.Code, (int)error.StatusCode);
        Assert.Equal(wanted.Message, error.Status.Detail);
    }

    private static void AssertEchoed(Metadata headers, Metadata trailers)
    {
        Assert.Equal(InitialValue, headers.GetValue(EchoedMetadata.InitialKey));
        Assert.Equal(TrailingValue, trailers.GetValueBytes(EchoedMetadata.TrailingKey));
    }
}
