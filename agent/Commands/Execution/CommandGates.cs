using System.Diagnostics.CodeAnalysis;

namespace HostAgent.Agent.Commands.Execution;

/// <summary>What commands wait for before they begin: nobody else acts on their subjects, and not too many run at once. Those that only look have places of
/// their own, so that somebody who follows a log holds up no restart.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without a wait handle a semaphore holds nothing, and commands that are left behind at the end give their places back.")]
internal sealed class CommandGates(int maxConcurrent)
{
    private readonly SubjectLocks _subjects = new();
    private readonly SemaphoreSlim _changing = new(maxConcurrent);
    private readonly SemaphoreSlim _looking = new(maxConcurrent);

    /// <summary>Takes a place and, when it changes something, the subjects.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public async ValueTask<IDisposable> EnterAsync(bool changes, IReadOnlyCollection<string> subjects, CancellationToken cancellation)
    {
        IDisposable? hold = changes ? await _subjects.TakeAsync(subjects, cancellation).ConfigureAwait(false) : null;
        SemaphoreSlim places = changes ? _changing : _looking;
        try
        {
            await places.WaitAsync(cancellation).ConfigureAwait(false);
            return new Place(places, hold);
        }
        catch
        {
            hold?.Dispose();
            throw;
        }
    }

    private sealed class Place(SemaphoreSlim places, IDisposable? hold) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                hold?.Dispose();
                places.Release();
            }
        }
    }
}
