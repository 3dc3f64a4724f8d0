namespace HostAgent.Agent.Spool;

/// <summary>The samples of one instant, kept until they are acknowledged or on disk. Reused: see <see cref="FrameWindow"/>.</summary>
internal sealed class KeptFrame
{
    private const int FixedBytes = 160;

    private int[] _groups = [];
    private int _groupCount;
    private long[] _values = [];
    private int _valueCount;

    public ulong Sequence { get; private set; }

    public long TimeUnixMs { get; private set; }

    /// <summary>Monotonic time at which it was taken.</summary>
    public long Timestamp { get; private set; }

    public SeriesLedger Ledger { get; private set; } = null!;

    public LedgerCursor Cursor { get; private set; }

    /// <summary>Number of the last call that has sent it; 0: none.</summary>
    public int SentOnCall { get; set; }

    /// <summary>Durable at the aggregator, and only still here because an older one is not.</summary>
    public bool Acknowledged { get; set; }

    public ReadOnlySpan<int> Groups => _groups.AsSpan(0, _groupCount);

    /// <summary>One raw value for each live series of the groups at <see cref="Cursor"/>, ascending by id.</summary>
    public ReadOnlySpan<long> Values => _values.AsSpan(0, _valueCount);

    public int Samples => _valueCount;

    /// <summary>Bytes of memory that it stands for.</summary>
    public int Bytes => FixedBytes + (_values.Length * sizeof(long)) + (_groups.Length * sizeof(int));

    public void Fill(ulong sequence, long timeUnixMs, long timestamp, SeriesLedger ledger, ReadOnlySpan<int> groups, ReadOnlySpan<long> raw)
    {
        Sequence = sequence;
        TimeUnixMs = timeUnixMs;
        Timestamp = timestamp;
        Ledger = ledger;
        Cursor = ledger.Cursor;
        SentOnCall = 0;
        Acknowledged = false;
        Keep(ref _groups, groups.Length);
        groups.CopyTo(_groups);
        _groupCount = groups.Length;

        var series = ledger.Select(groups);
        Keep(ref _values, series.Length);
        for (var i = 0; i < series.Length; i++)
        {
            _values[i] = raw[series[i]];
        }

        _valueCount = series.Length;
    }

    /// <summary>Room for <paramref name="length"/> elements without holding on to much more: a frame of all groups is rare and large.</summary>
    private static void Keep<T>(ref T[] array, int length)
    {
        if (array.Length < length || array.Length > (4 * length) + 64)
        {
            array = new T[length + (length / 8)];
        }
    }
}
