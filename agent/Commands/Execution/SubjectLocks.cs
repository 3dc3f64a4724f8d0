namespace HostAgent.Agent.Commands.Execution;

/// <summary>One command at a time on one subject. A command takes all its subjects at once or none, in the order of asking as far as they overlap.</summary>
internal sealed class SubjectLocks
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);
    private readonly LinkedList<Waiter> _waiters = new();

    /// <summary>Takes the subjects; completes at once when nobody has or awaits one of them. What it returns gives them back.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public async ValueTask<IDisposable> TakeAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellation)
    {
        var hold = new Hold(this, [.. subjects]);
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (!subjects.Any(_held.Contains) && !_waiters.Any(waiter => waiter.Hold.Subjects.Any(subjects.Contains)))
            {
                _held.UnionWith(subjects);
                return hold;
            }

            node = _waiters.AddLast(new Waiter(hold));
        }

        using (cancellation.Register(() => node.Value.Turn.TrySetCanceled(cancellation)))
        {
            try
            {
                await node.Value.Turn.Task.ConfigureAwait(false);
                return hold;
            }
            catch (OperationCanceledException)
            {
                Leave(node);
                throw;
            }
        }
    }

    private void Leave(LinkedListNode<Waiter> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
            {
                _waiters.Remove(node);
            }

            PassOn();
        }
    }

    private void Give(Hold hold)
    {
        lock (_gate)
        {
            _held.ExceptWith(hold.Subjects);
            PassOn();
        }
    }

    private void PassOn()
    {
        // A waiter keeps its subjects from those behind it, so that nobody waits for ever.
        var claimed = new HashSet<string>(_held, StringComparer.Ordinal);
        for (LinkedListNode<Waiter>? node = _waiters.First, next; node is not null; node = next)
        {
            next = node.Next;
            if (!node.Value.Hold.Subjects.Any(claimed.Contains))
            {
                _waiters.Remove(node);
                if (!node.Value.Turn.TrySetResult())
                {
                    continue;
                }

                _held.UnionWith(node.Value.Hold.Subjects);
            }

            claimed.UnionWith(node.Value.Hold.Subjects);
        }
    }

    private sealed record Waiter(Hold Hold)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Hold(SubjectLocks owner, string[] subjects) : IDisposable
    {
        private bool _isGiven;

        public string[] Subjects => subjects;

        public void Dispose()
        {
            if (!_isGiven)
            {
                _isGiven = true;
                owner.Give(this);
            }
        }
    }
}
