using System.Text;

namespace HostAgent.Agent.Sampling;

/// <summary>Remembers, for the lines of a kernel file that each begin with a device's name, which device stands at which place, so that a
/// steady state finds the series of each line by one comparison of bytes and makes no string.</summary>
/// <typeparam name="T">What is kept per device.</typeparam>
internal sealed class NamedLines<T>
    where T : class
{
    private readonly List<Entry> _entries = [];

    /// <summary>What to do with a device that is gone.</summary>
    public required Action<Tick, T> Ended { get; init; }

    /// <summary>Finds what is kept for the device named on line <paramref name="index"/>; false when it is seen for the first time: then
    /// <see cref="Insert"/> it. The value is null for a device that is left out.</summary>
    public bool TryFind(int index, ReadOnlySpan<byte> name, out T? value)
    {
        int at = index < _entries.Count && name.SequenceEqual(_entries[index].Name) ? index : Find(index, name);
        if (at < 0)
        {
            value = null;
            return false;
        }

        // Lines before this one have gone or moved: bring it to its place, the others follow when their own lines come.
        if (at != index)
        {
            Entry entry = _entries[at];
            _entries.RemoveAt(at);
            _entries.Insert(index, entry);
        }

        value = _entries[index].Value;
        return true;
    }

    /// <summary>What is kept for the device at place <paramref name="index"/>.</summary>
    public T? At(int index) => _entries[index].Value;

    /// <summary>Keeps <paramref name="value"/> (null: leave the device out) for the device named on line <paramref name="index"/>.</summary>
    public void Insert(int index, string name, T? value) =>
        _entries.Insert(Math.Min(index, _entries.Count), new Entry(Encoding.UTF8.GetBytes(name), value));

    /// <summary>After the last line: devices past the first <paramref name="count"/> places are gone.</summary>
    public void EndRest(Tick tick, int count)
    {
        for (int i = _entries.Count - 1; i >= count; i--)
        {
            if (_entries[i].Value is { } value)
            {
                Ended(tick, value);
            }

            _entries.RemoveAt(i);
        }
    }

    private int Find(int from, ReadOnlySpan<byte> name)
    {
        for (int i = from; i < _entries.Count; i++)
        {
            if (name.SequenceEqual(_entries[i].Name))
            {
                return i;
            }
        }

        return -1;
    }

    private sealed record Entry(byte[] Name, T? Value);
}
