using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using HostAgent.Grpc.Tests.Probe;
using HostAgent.Grpc.Tests.Support;

namespace HostAgent.Grpc.Tests.Calls;

/// <summary>Interceptors at both ends, around every shape of call.</summary>
public sealed class InterceptorTests
{
    [Fact]
    public async Task Interceptors_see_every_call_in_the_order_given()
    {
        var seen = new List<string>();
        await using ProbeServer server = await ProbeServer.StartAsync(grpc: o =>
        {
            o.Interceptors.Add<Recorder>("server 1", seen);
            o.Interceptors.Add<Recorder>("server 2", seen);
        });
        using GrpcChannel channel = server.Connect();
        CallInvoker invoker = channel
            .Intercept(new Recorder("client 1", seen), new Recorder("client 2", seen))
            .Intercept(static headers =>
            {
                headers.Add("added", "by a function");
                return headers;
            });
        var client = new Probe.Probe.ProbeClient(invoker);
        string[] expected = ["client 1", "client 2", "server 1", "server 2"];

        Assert.Equal("a", (await client.UnaryAsync(new ProbeRequest { Text = "a" })).Text);
        Assert.Equal(expected, Taken());
        Assert.Equal("by a function", server.State.Headers!.GetValue("added"));

        Assert.Equal("b", client.Unary(new ProbeRequest { Text = "b" }).Text);
        Assert.Equal(expected, Taken());

        using AsyncClientStreamingCall<ProbeRequest, ProbeReply> collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        Assert.Equal(0, (await collect).Number);
        Assert.Equal(expected, Taken());

        using AsyncServerStreamingCall<ProbeReply> spread = client.Spread(new ProbeRequest { Count = 1 });
        Assert.True(await spread.ResponseStream.MoveNext());
        Assert.Equal(expected, Taken());

        using AsyncDuplexStreamingCall<ProbeRequest, ProbeReply> echo = client.Echo();
        await echo.RequestStream.WriteAsync(new ProbeRequest());
        Assert.True(await echo.ResponseStream.MoveNext());
        Assert.Equal(expected, Taken());

        string[] Taken()
        {
            string[] taken = [.. seen];
            seen.Clear();
            return taken;
        }
    }

    private sealed class Recorder(string name, List<string> seen) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.BlockingUnaryCall(request, context, continuation);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.AsyncUnaryCall(request, context, continuation);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.AsyncServerStreamingCall(request, context, continuation);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.AsyncClientStreamingCall(context, continuation);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.AsyncDuplexStreamingCall(context, continuation);
        }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.UnaryServerHandler(request, context, continuation);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.ClientStreamingServerHandler(requestStream, context, continuation);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.ServerStreamingServerHandler(request, responseStream, context, continuation);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add(name);
            return base.DuplexStreamingServerHandler(requestStream, responseStream, context, continuation);
        }
    }
}
