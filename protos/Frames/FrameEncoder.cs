using System.Buffers;

namespace HostAgent.Protos.Frames;

/// <summary>
/// Writes frame bodies (FORMAT.md): only what changed since the last frame. Allocates nothing in steady state. Not thread-safe.
/// </summary>
/// <param name="table">The announced series; their last values advance with every frame.</param>
public sealed class FrameEncoder(FrameTable table)
{
    public FrameTable Table { get; } = table;

    /// <summary>Writes one frame from values by series id and returns its length in bytes.</summary>
    /// <param name="raw">Raw value of each series by id, at least <see cref="FrameTable.Count"/> long.</param>
    /// <param name="groups">The groups read at this instant: announced, ascending, at least one.</param>
    /// <param name="full">Write every value that is not 0, whatever the reader knew before.</param>
    /// <param name="output">Receives the body.</param>
    public int Encode(ReadOnlySpan<long> raw, ReadOnlySpan<int> groups, bool full, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var series = Select(groups);
        var bytes = output.GetSpan(MaxLength(groups.Length, series.Length));
        var at = WriteHead(bytes, groups, full);
        var last = Table.Last;
        var next = 0;
        foreach (var id in series)
        {
            at = WriteEntry(bytes, at, id, raw[id], full, last, ref next);
        }

        output.Advance(at);
        return at;
    }

    /// <summary>Writes one frame from values that stand in the order of <see cref="FrameTable.Select"/> and returns its length in bytes.</summary>
    /// <param name="values">One raw value for each live series of the groups, ascending by id.</param>
    /// <param name="groups">As in <see cref="Encode"/>.</param>
    /// <param name="full">As in <see cref="Encode"/>.</param>
    /// <param name="output">Receives the body.</param>
    public int EncodeSelected(ReadOnlySpan<long> values, ReadOnlySpan<int> groups, bool full, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var series = Select(groups);
        if (values.Length != series.Length)
        {
            throw new ArgumentException($"{values.Length} values for {series.Length} live series", nameof(values));
        }

        var bytes = output.GetSpan(MaxLength(groups.Length, series.Length));
        var at = WriteHead(bytes, groups, full);
        var last = Table.Last;
        var next = 0;
        for (var i = 0; i < series.Length; i++)
        {
            at = WriteEntry(bytes, at, series[i], values[i], full, last, ref next);
        }

        output.Advance(at);
        return at;
    }

    private static int MaxLength(int groups, int series) =>
        1 + FrameFormat.MaxIdBytes + (groups * FrameFormat.MaxIdBytes) + (series * (FrameFormat.MaxIdBytes + FrameFormat.MaxVarintBytes));

    private ReadOnlySpan<int> Select(ReadOnlySpan<int> groups)
    {
        if (groups.IsEmpty)
        {
            throw new ArgumentException("a frame has at least one group", nameof(groups));
        }

        return Table.Select(groups);
    }

    private static int WriteHead(Span<byte> bytes, ReadOnlySpan<int> groups, bool full)
    {
        bytes[0] = (byte)(FrameFormat.Version | (full ? FrameFormat.FullFlag : 0));
        var at = Varint.Write(bytes, 1, (uint)groups.Length);
        var previous = 0;
        foreach (var group in groups)
        {
            at = Varint.Write(bytes, at, (uint)(group - previous));
            previous = group;
        }

        return at;
    }

    private int WriteEntry(Span<byte> bytes, int at, int series, long value, bool full, Span<long> last, ref int next)
    {
        var known = full ? 0 : last[series];
        last[series] = value;
        if (value == known)
        {
            return at;
        }

        at = Varint.Write(bytes, at, (uint)(series - next));
        next = series + 1;
        Table.IsNamed(series, out var isFloat);
        return Varint.Write(bytes, at, isFloat ? Varint.Reverse((ulong)(value ^ known)) : Varint.ZigZag(unchecked(value - known)));
    }
}
