namespace HostAgent.Protos.Frames;

/// <summary>The live series of one combination of groups, kept because the same combinations come back tick after tick.</summary>
internal sealed class GroupSelection
{
    private int[] _groups = [];
    private int _groupCount;
    private int[] _series = [];
    private int _seriesCount;

    /// <summary>The version of the table that this was selected from.</summary>
    public int Version { get; private set; }

    public ReadOnlySpan<int> Groups => _groups.AsSpan(0, _groupCount);

    public ReadOnlySpan<int> Series => _series.AsSpan(0, _seriesCount);

    public void Begin(int version, ReadOnlySpan<int> groups)
    {
        Version = version;
        if (_groups.Length < groups.Length)
        {
            _groups = new int[groups.Length];
        }

        groups.CopyTo(_groups);
        _groupCount = groups.Length;
        _seriesCount = 0;
    }

    public void Add(int series)
    {
        if (_seriesCount == _series.Length)
        {
            Array.Resize(ref _series, Math.Max(16, 2 * _seriesCount));
        }

        _series[_seriesCount++] = series;
    }
}
