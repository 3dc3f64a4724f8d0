using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>/proc/net/snmp and /proc/net/netstat: pairs of lines, the first names the columns that the second gives numbers for.</summary>
/// <remarks>
/// proc_pid_net(5), RFC 1213: <c>Tcp: RtoAlgorithm RtoMin ... RetransSegs</c> then <c>Tcp: 1 200 ... 35</c>. A wanted column is written
/// <c>Tcp.RetransSegs</c>. The heading is compared as bytes with the one that the places were learnt from.
/// </remarks>
internal sealed class ProcNetSnmp
{
    private readonly (string Protocol, string Column)[] _wanted;
    private readonly long[] _values;
    private readonly List<Section> _sections = [];

    /// <param name="wanted">Columns as <c>Protocol.Column</c>.</param>
    public ProcNetSnmp(IEnumerable<string> wanted)
    {
        _wanted = [.. wanted.Select(one => one.Split('.')).Select(one => (one[0], one[1]))];
        _values = new long[_wanted.Length];
    }

    /// <summary>Values in the order of the wanted columns; -1 where the kernel does not have the column.</summary>
    public ReadOnlySpan<long> Values => _values;

    /// <summary>Reads the text. Returns null, or what is wrong with it.</summary>
    public string? Parse(ReadOnlySpan<byte> text)
    {
        Array.Fill(_values, -1);
        if (!KernelText.IsWhole(text))
        {
            return "cut off";
        }

        for (int index = 0; KernelText.TakeLine(ref text, out ReadOnlySpan<byte> heading); index++)
        {
            if (!KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
            {
                return "a heading has no numbers";
            }

            if (index == _sections.Count || !heading.SequenceEqual(_sections[index].Heading))
            {
                _sections.RemoveRange(index, _sections.Count - index);
                _sections.Add(Learn(heading));
            }

            if (!Take(_sections[index], line))
            {
                return "numbers do not match their heading";
            }
        }

        return null;
    }

    private bool Take(Section section, ReadOnlySpan<byte> line)
    {
        if (!KernelText.TakeWord(ref line, out ReadOnlySpan<byte> protocol) || !protocol.SequenceEqual(section.Protocol))
        {
            return false;
        }

        foreach (int slot in section.SlotOfColumn)
        {
            if (!KernelText.TakeNumber(ref line, out long value))
            {
                return false;
            }

            if (slot >= 0)
            {
                _values[slot] = value;
            }
        }

        return true;
    }

    private Section Learn(ReadOnlySpan<byte> heading)
    {
        byte[] whole = heading.ToArray();
        KernelText.TakeWord(ref heading, out ReadOnlySpan<byte> protocol);
        string name = Encoding.ASCII.GetString(protocol).TrimEnd(':');
        List<int> slots = [];
        while (KernelText.TakeWord(ref heading, out ReadOnlySpan<byte> column))
        {
            slots.Add(Array.IndexOf(_wanted, (name, Encoding.ASCII.GetString(column))));
        }

        // Nothing wanted past the last wanted column: the rest of the line is not even read.
        int last = slots.FindLastIndex(slot => slot >= 0);
        return new Section(whole, protocol.ToArray(), [.. slots.Take(last + 1)]);
    }

    private sealed record Section(byte[] Heading, byte[] Protocol, int[] SlotOfColumn);
}
