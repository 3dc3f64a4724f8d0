using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The samples of a window that slides over one series. Each sample enters once and leaves once; the arrays are reused from series
/// to series.</summary>
internal sealed class SlidingWindow
{
    private long[] _times = new long[64];
    private double[] _values = new double[64];
    private int[] _fallsBefore = new int[64]; // falls from the first sample of the series up to this one
    private double[] _scratch = [];
    private int _head;
    private int _tail;
    private SampleFeed? _feed;
    private bool _pending;
    private long _pendingUnixMs;
    private double _pendingValue;

    public ReadOnlySpan<long> Times => _times.AsSpan(_head, _tail - _head);

    public ReadOnlySpan<double> Values => _values.AsSpan(_head, _tail - _head);

    public int Falls => _tail == _head ? 0 : _fallsBefore[_tail - 1] - _fallsBefore[_head];

    public int Count => _tail - _head;

    /// <summary>Whether the feed has ended and the last sample has left.</summary>
    public bool IsExhausted => !_pending && Count == 0;

    /// <summary>Starts over with a series.</summary>
    public void Open(SampleFeed feed)
    {
        _feed = feed;
        _head = _tail = 0;
        Pull();
    }

    /// <summary>Moves on: lets in what is not later than the end, lets go what is not later than the start. Both only ever grow.</summary>
    public void MoveTo(long startUnixMs, long endUnixMs)
    {
        while (_pending && _pendingUnixMs <= endUnixMs)
        {
            if (_pendingUnixMs > startUnixMs)
            {
                Append();
            }

            Pull();
        }

        while (_head < _tail && _times[_head] <= startUnixMs)
        {
            _head++;
        }
    }

    public Span<double> CopyValues()
    {
        if (_scratch.Length < Count)
        {
            _scratch = new double[_values.Length];
        }

        Values.CopyTo(_scratch);
        return _scratch.AsSpan(0, Count);
    }

    private void Pull()
    {
        do
        {
            _pending = _feed!.TryNext(out _pendingUnixMs, out _pendingValue);
        }
        while (_pending && StaleMarker.Is(_pendingValue)); // the end of a series is no sample of it
    }

    private void Append()
    {
        if (_tail == _times.Length)
        {
            MakeRoom();
        }

        bool follows = _tail > _head;
        _fallsBefore[_tail] = follows ? _fallsBefore[_tail - 1] + (_pendingValue < _values[_tail - 1] ? 1 : 0) : 0;
        _times[_tail] = _pendingUnixMs;
        _values[_tail++] = _pendingValue;
    }

    private void MakeRoom()
    {
        if (_head <= _times.Length / 2)
        {
            Array.Resize(ref _times, _times.Length * 2);
            Array.Resize(ref _values, _times.Length);
            Array.Resize(ref _fallsBefore, _times.Length);
            return;
        }

        int count = Count;
        Array.Copy(_times, _head, _times, 0, count);
        Array.Copy(_values, _head, _values, 0, count);
        Array.Copy(_fallsBefore, _head, _fallsBefore, 0, count);
        (_head, _tail) = (0, count);
    }
}
