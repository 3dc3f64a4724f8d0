namespace HostAgent.Aggregator.Storage.Chunks;

/// <summary>Reads what <see cref="ResidualWriter"/> wrote; survives any bytes.</summary>
internal ref struct ResidualReader(ReadOnlySpan<byte> input, int at)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private ulong _previous;
    private bool _hasPrevious;
    private ulong _more;

    /// <summary>Position after the last number read.</summary>
    public int At { get; private set; } = at;

    /// <summary>True when the last run announced more numbers than were asked for: the input is damaged.</summary>
    public readonly bool HasMore => _more > 0;

    /// <summary>False when the input ends or a varint is damaged.</summary>
    public bool TryRead(out ulong value)
    {
        value = _previous;
        if (_more > 0)
        {
            _more--;
            return true;
        }

        int at = At;
        if (!Varint.TryRead(_input, ref at, out value))
        {
            return false;
        }

        if (_hasPrevious && value == _previous)
        {
            if (!Varint.TryRead(_input, ref at, out _more))
            {
                return false;
            }

            _hasPrevious = false;
        }
        else
        {
            _hasPrevious = true;
            _previous = value;
        }

        At = at;
        return true;
    }
}
