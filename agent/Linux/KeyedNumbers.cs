using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>A file of lines <c>key number ...</c> such as /proc/meminfo and /proc/vmstat, of which only some keys are wanted.</summary>
/// <remarks>
/// proc_meminfo(5): <c>MemTotal: 24684092 kB</c>. proc_vmstat(5): <c>pgfault 3088985</c>. The kernel writes its lines in the same order every
/// time, so the place of each wanted key is learnt once and only verified afterwards.
/// </remarks>
internal sealed class KeyedNumbers
{
    private readonly byte[][] _wanted;
    private readonly long[] _values;
    private readonly bool[] _present;
    private int[] _slotOfLine = [];
    private bool _lostKeys;

    /// <param name="wanted">Keys to read, without the colon.</param>
    public KeyedNumbers(IEnumerable<string> wanted)
    {
        _wanted = [.. wanted.Select(Encoding.ASCII.GetBytes)];
        _values = new long[_wanted.Length];
        _present = new bool[_wanted.Length];
    }

    /// <summary>Grows whenever keys may have come or gone.</summary>
    public int Version { get; private set; }

    /// <summary>Values in the order of the wanted keys.</summary>
    public ReadOnlySpan<long> Values => _values;

    /// <summary>True where the kernel has the key.</summary>
    public ReadOnlySpan<bool> Present => _present;

    /// <summary>Reads the text. Returns null, or what is wrong with it; the values are then undefined.</summary>
    public string? Parse(ReadOnlySpan<byte> text)
    {
        if (!KernelText.IsWhole(text))
        {
            return "cut off";
        }

        if (!_lostKeys && TryKnownPlaces(text, out string? problem))
        {
            return problem;
        }

        Learn(text);
        TryKnownPlaces(text, out problem);
        return problem;
    }

    // False when the lines are not where they were.
    private bool TryKnownPlaces(ReadOnlySpan<byte> text, out string? problem)
    {
        problem = null;
        int index = 0;
        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            int slot = index < _slotOfLine.Length ? _slotOfLine[index] : int.MinValue;
            index++;
            if (slot == -1)
            {
                continue;
            }

            if (slot < 0 || !HasKey(line, _wanted[slot]))
            {
                return false;
            }

            line = line[_wanted[slot].Length..];
            line = line[0] == (byte)':' ? line[1..] : line;
            if (!KernelText.TakeNumber(ref line, out _values[slot]))
            {
                problem = "a line has no number";
                return true;
            }
        }

        return index == _slotOfLine.Length;
    }

    private void Learn(ReadOnlySpan<byte> text)
    {
        List<int> slots = [];
        bool[] before = [.. _present];
        Array.Clear(_present);
        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            int slot = -1;
            for (int i = 0; i < _wanted.Length && slot < 0; i++)
            {
                // A key that stands there twice counts once.
                slot = !_present[i] && HasKey(line, _wanted[i]) ? i : -1;
            }

            if (slot >= 0)
            {
                _present[slot] = true;
            }

            slots.Add(slot);
        }

        // A key that was there and is not: lines that are not wanted are not verified, so its return is looked for every time.
        _lostKeys |= before.Zip(_present).Any(pair => pair.First && !pair.Second);
        _lostKeys &= _present.Contains(false);
        _slotOfLine = [.. slots];
        Version++;
    }

    private static bool HasKey(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key) =>
        line.Length > key.Length && line[key.Length] is (byte)':' or (byte)' ' && line.StartsWith(key);
}
