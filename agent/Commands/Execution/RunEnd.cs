using HostAgent.V1;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>Why a command is told to stop. The first reason counts; only the end of the process comes on top of any other. Thread-safe.</summary>
internal sealed class RunEnd : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _whenever = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    /// <summary>Cancelled when it is to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Completes when it is to stop.</summary>
    public Task Whenever => _whenever.Task;

    /// <summary>It is to stop.</summary>
    public bool IsSet { get; private set; }

    /// <summary>The process ends.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>The final state that this makes.</summary>
    public CommandState State { get; private set; }

    /// <summary>For people.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Tells it to stop; <see cref="CommandState.Unspecified"/>: because the process ends.</summary>
    public void Set(CommandState state, string reason)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            IsLeaving |= state == CommandState.Unspecified;
            if (!IsSet)
            {
                (State, Reason) = (state, reason);
                IsSet = true;
            }
        }

        _whenever.TrySetResult();
        try
        {
            _source.Cancel();
        }
        catch (Exception e) when (e is ObjectDisposedException or AggregateException)
        {
            // It has ended meanwhile, or somebody who listens does not take it well: the command stops at its patience.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _source.Dispose();
    }
}
