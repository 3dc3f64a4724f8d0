namespace HostAgent.Agent.Commands.Execution;

/// <summary>Gives a place back at the end of a block, or later when that has to wait for something.</summary>
internal sealed class Releaser(IDisposable place) : IDisposable
{
    private bool _isLater;

    /// <summary>The place is given back when the work has really ended.</summary>
    public void ReleaseAfter(Task work)
    {
        _isLater = true;
        _ = work.ContinueWith(_ => place.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isLater)
        {
            place.Dispose();
        }
    }
}
