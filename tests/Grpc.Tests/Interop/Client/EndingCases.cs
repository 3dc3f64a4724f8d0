using Grpc.Core;
using Grpc.Testing;

namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>Calls that end before their work does: deadlines and cancellation.</summary>
internal static class EndingCases
{
    public static async Task TimeoutOnSleepingServerAsync(InteropClient client)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            client.Service.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Messages.Zeros(27182) });
        }
        catch (Exception late) when (late is InvalidOperationException or RpcException)
        {
            // The deadline may pass before the message is sent; the call's status is what counts.
        }

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(StatusCode.DeadlineExceeded, call.GetStatus().StatusCode);
    }

    public static async Task CancelAfterBeginAsync(InteropClient client)
    {
        using var cancellation = new CancellationTokenSource();
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            client.Service.StreamingInputCall(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    public static async Task CancelAfterFirstResponseAsync(InteropClient client)
    {
        using var cancellation = new CancellationTokenSource();
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            client.Service.FullDuplexCall(deadline: Messages.Soon, cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(Messages.DuplexRequest(27182, 31415));
        Assert.True(await call.ResponseStream.MoveNext());
        Messages.AssertZeros(31415, call.ResponseStream.Current.Payload);
        await cancellation.CancelAsync();
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }
}
