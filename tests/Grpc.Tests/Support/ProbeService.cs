using Google.Protobuf;
using Grpc.Core;
using HostAgent.Grpc.Tests.Probe;

namespace HostAgent.Grpc.Tests.Support;

/// <summary>Does what the request says.</summary>
public sealed class ProbeService(ProbeState state) : Probe.Probe.ProbeBase
{
    public override async Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context)
    {
        state.Begin(context);
        await ActAsync(request, context);
        return Reply(request, request.Text, 0);
    }

    public override async Task<ProbeReply> Collect(IAsyncStreamReader<ProbeRequest> requestStream, ServerCallContext context)
    {
        state.Begin(context);
        int count = 0;
        long bytes = 0;
        await foreach (ProbeRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await ActAsync(request, context);
            count++;
            bytes += request.Payload.Length;
        }

        return new ProbeReply { Text = $"{bytes} bytes", Number = count };
    }

    public override async Task Spread(ProbeRequest request, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        state.Begin(context);
        for (int i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(Reply(request, request.Text, i));
        }

        await ActAsync(request, context);
    }

    public override async Task Echo(
        IAsyncStreamReader<ProbeRequest> requestStream, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        state.Begin(context);
        int number = 0;
        try
        {
            while (await requestStream.MoveNext())
            {
                ProbeRequest request = requestStream.Current;
                await ActAsync(request, context);
                await responseStream.WriteAsync(Reply(request, request.Text, number++));
            }
        }
        catch (Exception e)
        {
            state.LastFailure = e;
            throw;
        }
        finally
        {
            state.End();
        }
    }

    private static ProbeReply Reply(ProbeRequest request, string text, int number)
        => new() { Text = text, Number = number, Payload = ByteString.CopyFrom(new byte[request.ReplyBytes]) };

    private async Task ActAsync(ProbeRequest request, ServerCallContext context)
    {
        switch (request.Behaviour)
        {
            case "trailers":
                context.ResponseTrailers.Add("probe-trailer", "of the method");
                context.ResponseTrailers.Add("probe-bin", [0, 1, 254, 255]);
                break;
            case "bad-trailers":
                context.ResponseTrailers.Add("probe-trailer", "über");
                break;
            case "headers":
                await context.WriteResponseHeadersAsync(context.RequestHeaders);
                break;
            case "gzip":
                await context.WriteResponseHeadersAsync(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
                break;
            case "plain":
                context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
                break;
            case "until-cancelled":
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                break;
            case "stubborn":
                await state.Release.Task;
                break;
            case "crash":
                throw new FormatException("a secret of the service");
            default:
                break;
        }

        if (request.FailCode != 0)
        {
            var trailers = new Metadata { { "probe-why", "asked to" } };
            throw new RpcException(new Status((StatusCode)request.FailCode, request.FailDetail), trailers);
        }
    }
}
