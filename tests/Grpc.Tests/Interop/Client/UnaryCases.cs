using Grpc.Core;
using Grpc.Testing;

namespace HostAgent.Grpc.Tests.Interop.Client;

/// <summary>One request, one response; and methods that nobody serves.</summary>
internal static class UnaryCases
{
    public static async Task EmptyUnaryAsync(InteropClient client)
    {
        Empty response = await client.Service.EmptyCallAsync(new Empty(), deadline: Messages.Soon);
        Assert.Equal(0, response.CalculateSize());
    }

    public static async Task LargeUnaryAsync(InteropClient client)
    {
        SimpleResponse response = await client.Service.UnaryCallAsync(Messages.LargeRequest(), deadline: Messages.Soon);
        Messages.AssertZeros(Messages.LargeResponseBytes, response.Payload);
    }

    public static async Task UnimplementedMethodAsync(InteropClient client)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            async () => await client.Service.UnimplementedCallAsync(new Empty(), deadline: Messages.Soon));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    public static async Task UnimplementedServiceAsync(InteropClient client)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            async () => await client.Nobody.UnimplementedCallAsync(new Empty(), deadline: Messages.Soon));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }
}
