using Grpc.Core;
using HostAgent.GrpcBench.Wire;

namespace HostAgent.GrpcBench;

/// <summary>Echoes.</summary>
internal sealed class BenchService : Bench.BenchBase
{
    public override Task<Message> Unary(Message request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Duplex(
        IAsyncStreamReader<Message> requestStream, IServerStreamWriter<Message> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }
}
