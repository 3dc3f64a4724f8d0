using HostAgent.V1;

namespace HostAgent.Agent.Commands;

/// <summary>Reports on their way to the aggregator, in order. Those of the journal are kept until acknowledged and sent again on every new call; progress and
/// output are sent when there is a call and room, or not at all. Thread-safe.</summary>
internal sealed class ReportOutbox
{
    /// <summary>Most bytes of progress and output that wait for the wire: 256 KiB.</summary>
    public const int MaxFleetingBytes = 256 << 10;

    private readonly Lock _gate = new();
    private readonly LinkedList<CommandReport> _unacknowledged = new();
    private readonly Queue<CommandReport> _queue = new();
    private Action? _wake;
    private ulong _durable;
    private int _fleetingBytes;

    /// <summary>Reports that the aggregator has not acknowledged.</summary>
    public int Unacknowledged
    {
        get
        {
            lock (_gate)
            {
                return _unacknowledged.Count;
            }
        }
    }

    /// <summary>Adds a report of the journal. It leaves only after <see cref="SetDurable"/>.</summary>
    public void Add(CommandReport report)
    {
        lock (_gate)
        {
            _unacknowledged.AddLast(report);
            if (_wake is not null)
            {
                _queue.Enqueue(report);
            }
        }
    }

    /// <summary>Records up to this sequence are on the disk: their reports may leave.</summary>
    public void SetDurable(ulong sequence)
    {
        Action? wake;
        lock (_gate)
        {
            _durable = Math.Max(_durable, sequence);
            wake = _queue.Count > 0 ? _wake : null;
        }

        wake?.Invoke();
    }

    /// <summary>Sends what may be lost. Returns false when there was no room for it.</summary>
    public bool TrySend(CommandReport fleeting)
    {
        Action wake;
        lock (_gate)
        {
            if (_wake is null || _fleetingBytes + fleeting.Output.Length > MaxFleetingBytes)
            {
                return _wake is null;
            }

            _fleetingBytes += Cost(fleeting);
            _queue.Enqueue(fleeting);
            wake = _wake;
        }

        wake();
        return true;
    }

    /// <summary>Sends a report of the journal once more, on this call, because somebody asks.</summary>
    public void SendAgain(CommandReport report)
    {
        Action? wake;
        lock (_gate)
        {
            wake = _wake;
            if (wake is not null)
            {
                _queue.Enqueue(report);
            }
        }

        wake?.Invoke();
    }

    /// <summary>There is a call: everything unacknowledged is to be sent on it. <paramref name="wake"/> is called, on any thread and outside of locks, when
    /// there is something to take.</summary>
    public void Attach(Action wake)
    {
        lock (_gate)
        {
            Clear();
            foreach (CommandReport report in _unacknowledged)
            {
                _queue.Enqueue(report);
            }

            _wake = wake;
        }

        wake();
    }

    /// <summary>The call is over.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _wake = null;
            Clear();
        }
    }

    /// <summary>The next report to send; false when there is none that may leave.</summary>
    public bool TryTake(out CommandReport report)
    {
        lock (_gate)
        {
            if (!_queue.TryPeek(out report!) || report.Sequence > _durable)
            {
                return false;
            }

            _queue.Dequeue();
            _fleetingBytes -= report.Sequence == 0 ? Cost(report) : 0;
            return true;
        }
    }

    /// <summary>The aggregator has made the reports up to this sequence durable. Returns whether there were any.</summary>
    public bool Acknowledge(ulong sequence)
    {
        lock (_gate)
        {
            bool any = false;
            while (_unacknowledged.First is { } first && first.Value.Sequence <= sequence && first.Value.Sequence <= _durable)
            {
                _unacknowledged.RemoveFirst();
                any = true;
            }

            return any;
        }
    }

    private static int Cost(CommandReport report) => report.Output.Length + report.Message.Length + 64;

    private void Clear()
    {
        _queue.Clear();
        _fleetingBytes = 0;
    }
}
