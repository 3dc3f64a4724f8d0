namespace HostAgent.Protos.Frames;

/// <summary>
/// Reads frame bodies (FORMAT.md) from a side that is not trusted. Work and memory of one frame are bounded by the length of the body
/// and the size of the table, whose limit the owner sets. Allocates nothing in steady state. Not thread-safe.
/// </summary>
/// <param name="table">The announced series; their last values advance with every frame.</param>
public sealed class FrameDecoder(FrameTable table)
{
    private int[] _groups = new int[16];

    public FrameTable Table { get; } = table;

    /// <summary>Applies one frame to the table and shows its samples.</summary>
    /// <exception cref="FrameFormatException">The body breaks the format; the message and <see cref="FrameFormatException.Offset"/> say where.</exception>
    public DecodedFrame Decode(ReadOnlySpan<byte> body)
    {
        var at = 0;
        var full = ReadFlags(body, ref at);
        var groups = ReadGroups(body, ref at);
        var series = Table.SelectNamed(groups);
        var last = Table.Last;
        if (full)
        {
            foreach (var id in series)
            {
                last[id] = 0;
            }
        }

        var changed = ReadEntries(body, at, last);
        return new DecodedFrame(full, changed, groups, series, Table.Raw);
    }

    private static bool ReadFlags(ReadOnlySpan<byte> body, scoped ref int at)
    {
        if (body.IsEmpty)
        {
            throw new FrameFormatException("the frame body is empty", 0);
        }

        var head = body[at++];
        var version = head & FrameFormat.VersionMask;
        if (version != FrameFormat.Version)
        {
            throw new FrameFormatException($"frame version {version} is not known, {FrameFormat.Version} is", 0);
        }

        if ((head & ~(FrameFormat.VersionMask | FrameFormat.FullFlag)) != 0)
        {
            throw new FrameFormatException($"unknown flags 0x{head & 0xF0:x2}", 0);
        }

        return (head & FrameFormat.FullFlag) != 0;
    }

    private ReadOnlySpan<int> ReadGroups(ReadOnlySpan<byte> body, scoped ref int at)
    {
        var start = at;
        var count = Varint.Read(body, ref at);
        if (count == 0 || count > (ulong)(body.Length - at))
        {
            throw new FrameFormatException($"{count} groups in a body of {body.Length} bytes", start);
        }

        if (_groups.Length < (int)count)
        {
            _groups = new int[Math.Max((int)count, 2 * _groups.Length)];
        }

        Table.BeginFrame();
        ulong group = 0;
        for (var i = 0; i < (int)count; i++)
        {
            start = at;
            var step = Varint.Read(body, ref at);
            if (i > 0 && step == 0)
            {
                throw new FrameFormatException("a group is named twice", start);
            }

            // Both terms are bounded before they are added, so the sum cannot wrap.
            group = step > int.MaxValue ? ulong.MaxValue : group + step;
            if (group > int.MaxValue || !Table.NameGroup((int)group))
            {
                throw new FrameFormatException($"a group ({(step > int.MaxValue ? step : group)}) was not announced", start);
            }

            _groups[i] = (int)group;
        }

        return _groups.AsSpan(0, (int)count);
    }

    private int ReadEntries(ReadOnlySpan<byte> body, int at, Span<long> last)
    {
        var changed = 0;
        ulong next = 0;
        while (at < body.Length)
        {
            var start = at;
            var gap = Varint.Read(body, ref at);
            if (gap >= (ulong)last.Length - next)
            {
                throw new FrameFormatException($"a gap of {gap} after series {next} leads past the last one, {last.Length - 1}", start);
            }

            var id = (int)(next + gap);
            if (!Table.IsNamed(id, out var isFloat))
            {
                throw new FrameFormatException($"series {id} has ended or belongs to a group that this frame does not name", start);
            }

            start = at;
            var change = Varint.Read(body, ref at);
            if (change == 0)
            {
                throw new FrameFormatException($"series {id} has an entry that changes nothing", start);
            }

            last[id] = isFloat ? last[id] ^ (long)Varint.Reverse(change) : unchecked(last[id] + Varint.UnZigZag(change));
            next = (ulong)id + 1;
            changed++;
        }

        return changed;
    }
}
