namespace HostAgent.Aggregator.Storage.Head;

/// <summary>The values of one series in a section, as a list of changes: at which tick, and by how much. A tick without a change kept the value,
/// so a series that stands still costs nothing. A struct in a flat array: the ingest path touches no other memory.</summary>
internal struct ChangeLog
{
    /// <summary>Not yet, or not ended.</summary>
    public const int None = -1;

    private byte[] _bytes;
    private int _length;
    private int _lastTick;

    public ChangeLog(SeriesEntry series, ValueScale scale, GroupTicks ticks)
    {
        (Series, Scale, Ticks) = (series, scale, ticks);
        (_bytes, StartTick, EndTick) = ([], None, None);
    }

    /// <summary>Whose values these are; null for a place that is only there to keep the lane's ids dense.</summary>
    public SeriesEntry? Series { get; }

    public ValueScale Scale { get; }

    /// <summary>The instants of its group.</summary>
    public GroupTicks Ticks { get; }

    /// <summary>First tick of the group at which the series had a sample, or <see cref="None"/>.</summary>
    public int StartTick { get; private set; }

    /// <summary>First tick at which it had none any more, or <see cref="None"/>.</summary>
    public int EndTick { get; set; }

    /// <summary>Records that the raw value at <paramref name="tick"/> is <paramref name="value"/> and was <paramref name="last"/> before (0 at
    /// the start).</summary>
    public void Append(int tick, long last, long value)
    {
        if (_bytes.Length - _length < 2 * Varint.MaxBytes)
        {
            Array.Resize(ref _bytes, Math.Max(32, _bytes.Length + (_bytes.Length / 2)));
        }

        if (StartTick == None)
        {
            StartTick = _lastTick = tick;
            last = 0;
        }

        Varint.Write(_bytes, ref _length, (ulong)(tick - _lastTick));
        Varint.Write(_bytes, ref _length, Varint.Difference(last, value, Scale.IsFloat));
        _lastTick = tick;
    }

    /// <summary>The raw values at the ticks from <see cref="StartTick"/> on, as many as <paramref name="raw"/> holds.</summary>
    public readonly void Expand(Span<long> raw)
    {
        int at = 0;
        int done = 0;
        long value = 0;
        int tick = StartTick;
        while (at < _length && Varint.TryRead(_bytes.AsSpan(0, _length), ref at, out ulong gap)
            && Varint.TryRead(_bytes.AsSpan(0, _length), ref at, out ulong difference))
        {
            tick += (int)gap;
            int until = Math.Min(tick - StartTick, raw.Length);
            raw[done..until].Fill(value);
            done = until;
            value = Varint.Apply(value, difference, Scale.IsFloat);
        }

        raw[done..].Fill(value);
    }
}
