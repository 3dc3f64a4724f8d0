using System.Threading.Channels;
using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>One open Attach call of an agent: what waits to be written to it.</summary>
internal sealed class AgentSession(string hostId) : IDisposable
{
    // An agent that does not read for so long that this many messages wait is not there.
    private const int MaxWaiting = 20_000;

    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<Outgoing> _waiting = Channel.CreateBounded<Outgoing>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>The host.</summary>
    public string HostId { get; } = hostId;

    /// <summary>What is to be written, in order.</summary>
    public ChannelReader<Outgoing> Waiting => _waiting.Reader;

    /// <summary>Cancelled when the call is to end.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why it is to end; null = not by us.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Hands a message to the call's writer; false when the call is over.</summary>
    public bool Send(AggregatorCommandMessage message, long acceptedTimestamp = 0)
    {
        if (_waiting.Writer.TryWrite(new Outgoing(message, acceptedTimestamp)))
        {
            return true;
        }

        End("the agent does not read what it is sent");
        return false;
    }

    /// <summary>Ends the call.</summary>
    public void End(string reason)
    {
        EndReason ??= reason;
        _waiting.Writer.TryComplete();
        _ended.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _ended.Dispose();
    }

    /// <summary>A message and, for an order, when its command was accepted (a timestamp; 0 = none).</summary>
    public readonly record struct Outgoing(AggregatorCommandMessage Message, long AcceptedTimestamp);
}
