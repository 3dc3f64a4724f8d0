using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Commands;

/// <summary>An agent that does what the test says: attaches over real gRPC, keeps what it hears, reports what it is told to.</summary>
internal sealed class ScriptedAgent : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<AgentCommandMessage, AggregatorCommandMessage> _call;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;
    private ulong _sequence;

    private readonly GrpcChannel _channel;

    private ScriptedAgent(GrpcChannel channel, AsyncDuplexStreamingCall<AgentCommandMessage, AggregatorCommandMessage> call, string hostId, ulong sequence)
    {
        (_channel, _call, HostId, _sequence) = (channel, call, hostId, sequence);
        _reading = ReadAsync();
    }

    public string HostId { get; }

    public ConcurrentQueue<CommandOrder> Orders { get; } = new();

    public ConcurrentQueue<CommandCancel> Cancels { get; } = new();

    public ulong Acked { get; private set; }

    public ulong Sequence => _sequence;

    public CommandWelcome? Welcome { get; private set; }

    public Status? EndedWith { get; private set; }

    /// <summary>Called for each order, after it was kept.</summary>
    public Func<CommandOrder, Task>? OnOrder { get; set; }

    public static CommandKindDef Restart { get; } = new()
    {
        Kind = "service.restart",
        Help = "Restarts a systemd unit.",
        Changes = true,
        Allowed = true,
        DefaultTimeoutMs = 30_000,
        Args = { new ArgDef { Name = "unit", Help = "The unit.", Type = ArgType.Name, Required = true } },
    };

    public static string Id(int number) => number.ToString("x32");

    public static async Task<ScriptedAgent> AttachAsync(GrpcChannel channel, int number, ulong sequence = 0, Func<CommandOrder, Task>? onOrder = null, params CommandKindDef[] kinds)
    {
        var call = new V1.Commands.CommandsClient(channel).Attach();
        var agent = new ScriptedAgent(channel, call, Id(number), sequence) { OnOrder = onOrder };
        var hello = new CommandHello { Protocol = 1, HostId = agent.HostId, HostName = $"web{number}", AgentVersion = "1.0" };
        hello.Kinds.AddRange(kinds.Length > 0 ? kinds : [Restart]);
        await call.RequestStream.WriteAsync(new AgentCommandMessage { Hello = hello });
        await Eventually.TrueAsync(() => agent.Welcome is not null || agent._reading.IsCompleted, "the agent is welcomed");
        return agent;
    }

    /// <summary>A report as from the journal: the next sequence.</summary>
    public Task ReportAsync(string commandId, CommandState state, string message = "", string output = "")
        => SendAsync(new CommandReport
        {
            CommandId = commandId,
            Sequence = Interlocked.Increment(ref _sequence),
            State = state,
            Message = message,
            TimeUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            Output = ByteString.CopyFromUtf8(output),
        });

    /// <summary>Progress, which may be lost.</summary>
    public Task ProgressAsync(string commandId, uint percent, string output)
        => SendAsync(new CommandReport { CommandId = commandId, State = CommandState.Running, Percent = percent, Output = ByteString.CopyFromUtf8(output) });

    public async Task SendAsync(CommandReport report)
    {
        await _writing.WaitAsync();
        try
        {
            await _call.RequestStream.WriteAsync(new AgentCommandMessage { Report = report });
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>All the way to a final state.</summary>
    public async Task CarryOutAsync(CommandOrder order, CommandState end = CommandState.Succeeded, string message = "done")
    {
        await ReportAsync(order.Body.CommandId, CommandState.Delivered);
        await ReportAsync(order.Body.CommandId, CommandState.Running);
        await ReportAsync(order.Body.CommandId, end, message);
    }

    /// <summary>Breaks the call off.</summary>
    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _reading;
        _channel.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                AggregatorCommandMessage message = _call.ResponseStream.Current;
                switch (message.KindCase)
                {
                    case AggregatorCommandMessage.KindOneofCase.Welcome:
                        Welcome = message.Welcome;
                        break;
                    case AggregatorCommandMessage.KindOneofCase.Order:
                        Orders.Enqueue(message.Order);
                        await (OnOrder?.Invoke(message.Order) ?? Task.CompletedTask);
                        break;
                    case AggregatorCommandMessage.KindOneofCase.Cancel:
                        Cancels.Enqueue(message.Cancel);
                        break;
                    default:
                        Acked = message.Ack.Sequence;
                        break;
                }
            }
        }
        catch (RpcException e)
        {
            EndedWith = e.Status;
        }
        catch (OperationCanceledException)
        {
            EndedWith = new Status(StatusCode.Cancelled, "");
        }
    }
}
