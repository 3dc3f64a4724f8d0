using System.Runtime.CompilerServices;

namespace HostAgent.Protos.Frames;

/// <summary>
/// What both ends of a stream (or the writer and the reader of a spool segment or journal section) know about the announced series:
/// group, kind, whether it has ended, and the last raw value. Not thread-safe.
/// </summary>
/// <remarks>
/// The size is bounded because announcements come from the other side: a series takes 12 bytes here for as long as the table is not
/// reset, ended or not, and up to 4 more for each of the few recently used combinations of groups.
/// </remarks>
public sealed class FrameTable
{
    /// <summary>Most series ids between two resets unless the owner says otherwise: 1,000,000.</summary>
    public const int DefaultMaxSeries = 1_000_000;

    /// <summary>Group ids are less than this unless the owner says otherwise: 4,096.</summary>
    public const int DefaultMaxGroups = 4_096;

    private const int Ended = -1;
    private const int KeptSelections = 4;

    private readonly int _maxSeries;
    private readonly int _maxGroups;
    private readonly GroupSelection?[] _selections = new GroupSelection?[KeptSelections];
    private int _nextSelection;
    private int _version;

    private int[] _slots = [];       // by series: group * 2 + (float ? 1 : 0), or Ended
    private long[] _last = [];       // by series: last raw value
    private int[] _groupStamps = []; // by group: -1 not announced, otherwise the number of the last frame that named it
    private int _stamp;

    public FrameTable(int maxSeries = DefaultMaxSeries, int maxGroups = DefaultMaxGroups)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSeries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxGroups);
        _maxSeries = maxSeries;
        _maxGroups = maxGroups;
    }

    /// <summary>Series announced since the last reset, ended ones included: the next id to announce.</summary>
    public int Count { get; private set; }

    /// <summary>Series announced and not ended.</summary>
    public int LiveCount { get; private set; }

    /// <summary>Last raw values by series id; an ended series keeps its last one.</summary>
    public ReadOnlySpan<long> Raw => _last.AsSpan(0, Count);

    internal Span<long> Last => _last.AsSpan(0, Count);

    /// <summary>Announces a group; a group that is already announced stays as it is.</summary>
    /// <exception cref="FrameFormatException">The id is negative or not below the limit.</exception>
    public void DefineGroup(int group)
    {
        if ((uint)group >= (uint)_maxGroups)
        {
            throw new FrameFormatException($"group id {(uint)group} is not below the limit of {_maxGroups}");
        }

        if (group >= _groupStamps.Length)
        {
            var length = _groupStamps.Length;
            Array.Resize(ref _groupStamps, Math.Min(_maxGroups, Math.Max(group + 1, 2 * length)));
            _groupStamps.AsSpan(length).Fill(-1);
        }

        if (_groupStamps[group] < 0)
        {
            _groupStamps[group] = 0;
        }
    }

    /// <summary>Announces the next series. Its last raw value is 0.</summary>
    /// <exception cref="FrameFormatException">The id is not the next one, its group was not announced, or there are too many series.</exception>
    public void Define(int series, int group, bool isFloat)
    {
        if (series != Count)
        {
            throw new FrameFormatException($"series {(uint)series} is announced where {Count} is next: ids are dense from 0");
        }

        if (!IsGroup(group))
        {
            throw new FrameFormatException($"series {series} belongs to group {(uint)group}, which was not announced");
        }

        if (Count == _maxSeries)
        {
            throw new FrameFormatException($"more than the limit of {_maxSeries} series were announced");
        }

        if (Count == _slots.Length)
        {
            var length = (int)Math.Min(_maxSeries, Math.Max(64, 2L * Count));
            Array.Resize(ref _slots, length);
            Array.Resize(ref _last, length);
        }

        _slots[series] = (group << 1) | (isFloat ? 1 : 0);
        _last[series] = 0;
        Count++;
        LiveCount++;
        _version++;
    }

    /// <summary>Ends a series: from the next frame on it has no sample.</summary>
    /// <exception cref="FrameFormatException">The series was not announced or has already ended.</exception>
    public void End(int series)
    {
        if (!IsLive(series))
        {
            throw new FrameFormatException($"series {(uint)series} ends, but it was not announced or has ended before");
        }

        _slots[series] = Ended;
        LiveCount--;
        _version++;
    }

    /// <summary>Forgets groups, series and values.</summary>
    public void Reset()
    {
        Count = 0;
        LiveCount = 0;
        _stamp = 0;
        _groupStamps.AsSpan().Fill(-1);
        _version++;
    }

    public bool IsGroup(int group) => (uint)group < (uint)_groupStamps.Length && _groupStamps[group] >= 0;

    public bool IsLive(int series) => (uint)series < (uint)Count && _slots[series] != Ended;

    /// <summary>Whether the raw value of a live series is the bits of an IEEE double.</summary>
    public bool IsFloat(int series) => IsLive(series) && (_slots[series] & 1) != 0;

    /// <summary>The group of a live series; -1 when it is not live.</summary>
    public int GroupOf(int series) => IsLive(series) ? _slots[series] >> 1 : -1;

    /// <summary>The live series of these groups, ascending. Valid until the next announcement, end, reset or selection.</summary>
    /// <param name="groups">Announced groups, ascending.</param>
    public ReadOnlySpan<int> Select(ReadOnlySpan<int> groups)
    {
        BeginFrame();
        for (var i = 0; i < groups.Length; i++)
        {
            if (i > 0 && groups[i] <= groups[i - 1])
            {
                throw new ArgumentException("groups are not ascending", nameof(groups));
            }

            if (!NameGroup(groups[i]))
            {
                throw new ArgumentException($"group {groups[i]} was not announced", nameof(groups));
            }
        }

        return SelectNamed(groups);
    }

    /// <summary>The groups named from here on are those of the next frame.</summary>
    internal void BeginFrame()
    {
        if (_stamp == int.MaxValue)
        {
            foreach (ref var stamp in _groupStamps.AsSpan())
            {
                stamp = Math.Min(stamp, 0);
            }

            _stamp = 0;
        }

        _stamp++;
    }

    /// <summary>False: the group was not announced.</summary>
    internal bool NameGroup(int group)
    {
        if (!IsGroup(group))
        {
            return false;
        }

        _groupStamps[group] = _stamp;
        return true;
    }

    /// <summary>Whether a series is live and of a group named since <see cref="BeginFrame"/>; tells its kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsNamed(int series, out bool isFloat)
    {
        var slot = _slots[series];
        isFloat = (slot & 1) != 0;
        return slot != Ended && _groupStamps[slot >> 1] == _stamp;
    }

    /// <summary>The live series of the named groups, ascending; the same few combinations come back, so the last ones are kept.</summary>
    internal ReadOnlySpan<int> SelectNamed(ReadOnlySpan<int> groups)
    {
        foreach (var kept in _selections)
        {
            if (kept is not null && kept.Version == _version && kept.Groups.SequenceEqual(groups))
            {
                return kept.Series;
            }
        }

        ref var selection = ref _selections[_nextSelection];
        _nextSelection = (_nextSelection + 1) % KeptSelections;
        selection ??= new GroupSelection();
        selection.Begin(_version, groups);
        for (var series = 0; series < Count; series++)
        {
            if (IsNamed(series, out _))
            {
                selection.Add(series);
            }
        }

        return selection.Series;
    }
}
