using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;

namespace HostAgent.CommandBench;

/// <summary>An agent with its own certificate and connection that notes when each order arrives, and reports it as delivered, running and done.</summary>
internal sealed class BenchAgent(string hostId, GrpcChannel channel, AsyncDuplexStreamingCall<AgentCommandMessage, AggregatorCommandMessage> call) : IDisposable
{
    private ulong _sequence;

    /// <summary>Timestamps of arrival by command.</summary>
    public Dictionary<string, long> Arrived { get; } = [];

    public static async Task<BenchAgent> AttachAsync(string grpc, TestAuthority authority, int number)
    {
        string id = number.ToString("x32");
        GrpcChannel channel = GrpcChannel.ForAddress(grpc, new GrpcChannelOptions { HttpHandler = authority.Handler(id), DisposeHttpClient = true });
        AsyncDuplexStreamingCall<AgentCommandMessage, AggregatorCommandMessage> call = new Commands.CommandsClient(channel).Attach();
        var hello = new CommandHello { Protocol = 1, HostId = id, HostName = $"bench{number}", AgentVersion = "bench" };
        hello.Kinds.Add(new CommandKindDef { Kind = "bench.nothing", Help = "Does nothing.", Allowed = true, DefaultTimeoutMs = 30_000 });
        await call.RequestStream.WriteAsync(new AgentCommandMessage { Hello = hello });
        if (!await call.ResponseStream.MoveNext(CancellationToken.None) || call.ResponseStream.Current.Welcome is null)
        {
            throw new InvalidOperationException("not welcomed");
        }

        return new BenchAgent(id, channel, call);
    }

    public async Task RunAsync()
    {
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                if (call.ResponseStream.Current.Order is not { } order)
                {
                    continue;
                }

                lock (Arrived)
                {
                    Arrived.TryAdd(order.Body.CommandId, Stopwatch.GetTimestamp());
                }

                foreach (CommandState state in new[] { CommandState.Delivered, CommandState.Running, CommandState.Succeeded })
                {
                    await call.RequestStream.WriteAsync(new AgentCommandMessage
                    {
                        Report = new CommandReport { CommandId = order.Body.CommandId, Sequence = ++_sequence, State = state, Message = hostId },
                    });
                }
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or ObjectDisposedException)
        {
            // The bench is over.
        }
    }

    public void Dispose()
    {
        call.Dispose();
        channel.Dispose();
    }
}
