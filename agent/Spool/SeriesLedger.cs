using HostAgent.Agent.Sampling;
using HostAgent.Protos.Frames;

namespace HostAgent.Agent.Spool;

/// <summary>
/// The history of one generation of the series table: who came and who ended, in order. A frame that waits for its acknowledgement
/// remembers its <see cref="LedgerCursor"/>, so it can be announced and sent again as it was when it was taken, whatever has
/// happened to the table since. Written by the tick thread under the window's lock and read under it.
/// </summary>
internal sealed class SeriesLedger(int generation)
{
    private readonly List<SeriesGroup> _groups = [];
    private readonly List<Series> _series = [];
    private readonly List<int> _ended = [];
    private readonly FrameTable _live = new(int.MaxValue);
    private long _version = -1;

    public int Generation { get; } = generation;

    public LedgerCursor Cursor => new(_groups.Count, _series.Count, _ended.Count);

    public SeriesGroup Group(int index) => _groups[index];

    public Series Series(int id) => _series[id];

    /// <summary>The id of the series that ended as the <paramref name="index"/>th.</summary>
    public int Ended(int index) => _ended[index];

    /// <summary>Takes over what has changed in the table since the last look.</summary>
    public void Follow(SeriesTable table)
    {
        if (_version == table.Version)
        {
            return;
        }

        for (var i = _groups.Count; i < table.Groups.Count; i++)
        {
            _groups.Add(table.Groups[i]);
            _live.DefineGroup(table.Groups[i].Id);
        }

        for (var i = _series.Count; i < table.Count; i++)
        {
            _series.Add(table[i]);
            _live.Define(i, table[i].Group, table[i].Metric.IsFloat);
        }

        foreach (var id in table.EndedIds[_ended.Count..])
        {
            _ended.Add(id);
            _live.End(id);
        }

        _version = table.Version;
    }

    /// <summary>The live series of these groups at the present end of the ledger, ascending.</summary>
    public ReadOnlySpan<int> Select(ReadOnlySpan<int> groups) => _live.Select(groups);
}
