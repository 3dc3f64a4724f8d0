namespace HostAgent.Aggregator.Storage.Chunks;

/// <summary>Writes a sequence of unsigned numbers as varints. After two equal numbers in a row stands how many more of the same follow, so a
/// run of any length takes three varints.</summary>
internal ref struct ResidualWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;
    private ulong _previous;
    private bool _hasPrevious;
    private bool _inRun;
    private ulong _more;
    private int _at;

    /// <summary>Most bytes that <paramref name="count"/> numbers can take.</summary>
    public static int MaxBytes(int count) => (count + 1) * (Varint.MaxBytes + 1);

    public void Add(ulong value)
    {
        if (_inRun)
        {
            if (value == _previous)
            {
                _more++;
                return;
            }

            EndRun();
        }

        Varint.Write(_output, ref _at, value);
        _inRun = _hasPrevious && value == _previous;
        _previous = value;
        _hasPrevious = !_inRun;
    }

    /// <summary>Writes what is held back and returns the number of bytes written.</summary>
    public int Finish()
    {
        if (_inRun)
        {
            EndRun();
        }

        return _at;
    }

    private void EndRun()
    {
        Varint.Write(_output, ref _at, _more);
        _more = 0;
        _inRun = false;
        _hasPrevious = false;
    }
}
