namespace HostAgent.Protos.Frames;

/// <summary>The samples of one frame, seen in the decoder's own memory: valid until its next frame, announcement or reset.</summary>
public readonly ref struct DecodedFrame
{
    private readonly ReadOnlySpan<long> _raw;

    internal DecodedFrame(bool isFull, int changedCount, ReadOnlySpan<int> groups, ReadOnlySpan<int> series, ReadOnlySpan<long> raw)
    {
        IsFull = isFull;
        ChangedCount = changedCount;
        Groups = groups;
        Series = series;
        _raw = raw;
    }

    /// <summary>Whether the frame told every value anew.</summary>
    public bool IsFull { get; }

    /// <summary>Series that the body had an entry for.</summary>
    public int ChangedCount { get; }

    /// <summary>The groups read at this instant, ascending.</summary>
    public ReadOnlySpan<int> Groups { get; }

    /// <summary>The live series of these groups, ascending: each has exactly one sample in this frame, changed or not.</summary>
    public ReadOnlySpan<int> Series { get; }

    /// <summary>Raw values by series id, also of series that are not in this frame.</summary>
    public ReadOnlySpan<long> Raw => _raw;

    /// <summary>Samples in this frame.</summary>
    public int Count => Series.Length;

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the samples as (series id, raw value), ascending by id, without allocating.</summary>
    public ref struct Enumerator
    {
        private readonly DecodedFrame _frame;
        private int _index = -1;

        internal Enumerator(DecodedFrame frame) => _frame = frame;

        public readonly (int Series, long Raw) Current => (_frame.Series[_index], _frame._raw[_frame.Series[_index]]);

        public bool MoveNext() => ++_index < _frame.Series.Length;
    }
}
