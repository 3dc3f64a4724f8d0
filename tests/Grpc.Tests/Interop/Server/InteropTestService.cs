using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;

namespace HostAgent.Grpc.Tests.Interop.Server;

/// <summary>The interop service as an ordinary service class. UnimplementedCall stays with the generated class, as the cases want it.</summary>
internal sealed class InteropTestService : TestService.TestServiceBase
{
    private static readonly WriteOptions Plain = new(WriteFlags.NoCompress);

    public override async Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        await EchoedMetadata.SendAsync(context, compressed: false);
        return new Empty();
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        RequireCompressionAsClaimed(request.ExpectCompressed, context);
        await EchoedMetadata.SendAsync(context, request.ResponseCompressed is not null);
        ThrowIfAskedTo(request.ResponseStatus);
        context.WriteOptions = OptionsFor(request.ResponseCompressed);
        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        await EchoedMetadata.SendAsync(context, request.ResponseParameters.Any(one => one.Compressed is not null));
        await RespondAsync(request, responseStream, context.CancellationToken);
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await EchoedMetadata.SendAsync(context, compressed: false);
        int total = 0;
        await foreach (StreamingInputCallRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            RequireCompressionAsClaimed(request.ExpectCompressed, context);
            total += request.Payload.Body.Length;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = total };
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoedMetadata.SendAsync(context, compressed: false);
        await foreach (StreamingOutputCallRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await RespondAsync(request, responseStream, context.CancellationToken);
        }
    }

    public override async Task HalfDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoedMetadata.SendAsync(context, compressed: false);
        var kept = new List<StreamingOutputCallRequest>();
        await foreach (StreamingOutputCallRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            kept.Add(request);
        }

        foreach (StreamingOutputCallRequest request in kept)
        {
            await RespondAsync(request, responseStream, context.CancellationToken);
        }
    }

    private static async Task RespondAsync(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, CancellationToken cancellationToken)
    {
        ThrowIfAskedTo(request.ResponseStatus);
        foreach (ResponseParameters parameters in request.ResponseParameters)
        {
            if (parameters.IntervalUs > 0)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(parameters.IntervalUs), cancellationToken);
            }

            responses.WriteOptions = OptionsFor(parameters.Compressed);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(parameters.Size) }, cancellationToken);
        }
    }

    /// <summary>The compression of the call's messages is in force once its headers were sent; a message can only opt out.</summary>
    private static WriteOptions? OptionsFor(BoolValue? compressed) => compressed is { Value: false } ? Plain : null;

    private static void ThrowIfAskedTo(EchoStatus? status)
    {
        if (status is not null)
        {
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
        }
    }

    private static void RequireCompressionAsClaimed(BoolValue? claim, ServerCallContext context)
    {
        string? encoding = context.GetHttpContext().Request.Headers["grpc-encoding"];
        if (claim is { Value: true } && encoding is null or "identity")
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "the request claims to be compressed and is not"));
        }
    }

    private static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
