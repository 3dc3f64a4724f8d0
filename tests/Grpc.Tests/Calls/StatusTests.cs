using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>Statuses, their details and trailers, from service to caller.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task Every_status_code_arrives_as_it_was_thrown_with_its_trailers()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var client = new Probe.Probe.ProbeClient(channel);
        foreach (StatusCode code in Enum.GetValues<StatusCode>().Where(static c => c != StatusCode.OK))
        {
            AsyncUnaryCall<ProbeReply> call = client.UnaryAsync(new ProbeRequest { FailCode = (int)code, FailDetail = $"detail of {code}" });
            RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
            Assert.Equal(code, e.StatusCode);
            Assert.Equal($"detail of {code}", e.Status.Detail);
            Assert.Equal("asked to", e.Trailers.GetValue("probe-why"));
            Assert.Equal(code, call.GetStatus().StatusCode);
            Assert.Equal("asked to", call.GetTrailers().GetValue("probe-why"));
        }
    }

    [Theory]
    [InlineData("\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \ud83d\ude08\t\n")]
    [InlineData("100 % of %41 and %zz")]
    [InlineData("%")]
    public async Task A_detail_survives_whatever_characters_it_holds(string detail)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { FailCode = 2, FailDetail = detail }).ResponseAsync);
        Assert.Equal(detail, e.Status.Detail);
    }

    [Fact]
    public async Task A_status_after_messages_comes_in_the_trailers()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncServerStreamingCall<ProbeReply> call = new Probe.Probe.ProbeClient(channel)
            .Spread(new ProbeRequest { Count = 3, FailCode = (int)StatusCode.DataLoss, FailDetail = "the rest is gone" });
        var numbers = new List<int>();
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (ProbeReply reply in call.ResponseStream.ReadAllAsync())
            {
                numbers.Add(reply.Number);
            }
        });
        Assert.Equal([0, 1, 2], numbers);
        Assert.Equal(StatusCode.DataLoss, e.StatusCode);
        Assert.Equal("asked to", call.GetTrailers().GetValue("probe-why"));
    }

    [Fact]
    public async Task An_unexpected_exception_becomes_Unknown_and_keeps_its_text_to_itself()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Behaviour = "crash" }).ResponseAsync);
        Assert.Equal(StatusCode.Unknown, e.StatusCode);
        Assert.Equal("Exception was thrown by handler.", e.Status.Detail);
    }

    [Fact]
    public async Task Detailed_errors_tell_the_text()
    {
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: static o => o.EnableDetailedErrors = true);
        using GrpcChannel channel = server.Connect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest { Behaviour = "crash" }).ResponseAsync);
        Assert.Equal("Exception was thrown by handler. FormatException: a secret of the service", e.Status.Detail);
    }

    [Theory]
    [InlineData("hostagent.grpc.probe.Probe", "Nothing")]
    [InlineData("no.such.Service", "Unary")]
    public async Task A_method_that_does_not_exist_is_Unimplemented(string service, string name)
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        var method = new Method<string, string>(MethodType.Unary, service, name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, "x").ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, e.StatusCode);
    }

    [Fact]
    public async Task A_detail_written_after_a_failed_write_is_the_servers()
    {
        await using ProbeServer server = await ProbeServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> call = new Probe.Probe.ProbeClient(channel).Collect();
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new ProbeRequest { FailCode = (int)StatusCode.FailedPrecondition, FailDetail = "enough" });
            }
        });
        Assert.Equal(StatusCode.FailedPrecondition, e.StatusCode);
        Assert.Equal("enough", e.Status.Detail);
    }
}
