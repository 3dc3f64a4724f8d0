using Grpc.Core;
using Grpc.Testing;

namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>Streams in each direction and in both.</summary>
internal static class StreamingCases
{
    public static async Task ClientStreamingAsync(InteropClient client)
    {
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            client.Service.StreamingInputCall(deadline: Messages.Soon);
        foreach (int bytes in Messages.RequestBytes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Messages.Zeros(bytes) });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(Messages.RequestBytes.Sum(), (await call).AggregatedPayloadSize);
    }

    public static async Task ServerStreamingAsync(InteropClient client)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.AddRange(Messages.ResponseBytes.Select(bytes => new ResponseParameters { Size = bytes }));
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call =
            client.Service.StreamingOutputCall(request, deadline: Messages.Soon);
        foreach (int bytes in Messages.ResponseBytes)
        {
            Assert.True(await call.ResponseStream.MoveNext());
            Messages.AssertZeros(bytes, call.ResponseStream.Current.Payload);
        }

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    public static async Task PingPongAsync(InteropClient client)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            client.Service.FullDuplexCall(deadline: Messages.Soon);
        foreach ((int up, int down) in Messages.RequestBytes.Zip(Messages.ResponseBytes))
        {
            await call.RequestStream.WriteAsync(Messages.DuplexRequest(up, down));
            Assert.True(await call.ResponseStream.MoveNext());
            Messages.AssertZeros(down, call.ResponseStream.Current.Payload);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    public static async Task EmptyStreamAsync(InteropClient client)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            client.Service.FullDuplexCall(deadline: Messages.Soon);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }
}
