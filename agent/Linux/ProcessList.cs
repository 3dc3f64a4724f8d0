using System.Buffers.Text;

namespace HostAgent.Agent.Linux;

/// <summary>All processes by number and their /proc/PID/stat, read with as few calls into the kernel as there can be.</summary>
/// <remarks>
/// Reading a stat file that is kept open costs a third of opening it again, but each takes one of the descriptors that the process may have
/// (RLIMIT_NOFILE), so only so many are kept; a descriptor of a process that has ended answers ESRCH and is closed. Not thread-safe.
/// </remarks>
internal sealed class ProcessList(string root, int maxOpen) : IDisposable
{
    // The part of a stat line up to the state is at most a PID, a name of 64 bytes and some punctuation.
    private const int StatBytes = 128;

    private readonly Dictionary<int, int> _open = [];
    private readonly List<int> _gone = [];
    private readonly PidList _list = new(root);

    /// <summary>Processes found by the last <see cref="Refresh"/>.</summary>
    public Span<int> Pids => _list.Pids;

    /// <summary>Lists the processes. Returns 0, or the negated errno.</summary>
    public int Refresh() => _list.Refresh();

    /// <summary>Reads the beginning of a process's stat file, enough for its name and state; empty when the process has ended.</summary>
    public ReadOnlySpan<byte> ReadStat(int pid, byte[] buffer)
    {
        bool kept = _open.TryGetValue(pid, out int descriptor);
        if (!kept)
        {
            Span<byte> path = stackalloc byte[32];
            Utf8Formatter.TryFormat(pid, path, out int digits);
            "/stat\0"u8.CopyTo(path[digits..]);
            descriptor = OpenAtCall.Read(_list.Directory, path);
            if (descriptor < 0)
            {
                return default;
            }
        }

        int count = PreadCall.Read(descriptor, buffer.AsSpan(0, StatBytes), 0);
        if (count > 0 && !kept && _open.Count < maxOpen)
        {
            _open.Add(pid, descriptor);
        }
        else if (count <= 0 || !kept)
        {
            // Gone, or its number belongs to another process by now, which the next reading opens.
            _open.Remove(pid);
            CloseCall.Close(descriptor);
        }

        return count > 0 ? buffer.AsSpan(0, count) : default;
    }

    /// <summary>Closes what is open of processes that the last <see cref="Refresh"/> did not find.</summary>
    public void CloseGone()
    {
        if (_open.Count == 0)
        {
            return;
        }

        Pids.Sort();
        foreach (int pid in _open.Keys)
        {
            if (Pids.BinarySearch(pid) < 0)
            {
                _gone.Add(pid);
            }
        }

        foreach (int pid in _gone)
        {
            CloseCall.Close(_open[pid]);
            _open.Remove(pid);
        }

        _gone.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (int descriptor in _open.Values)
        {
            CloseCall.Close(descriptor);
        }

        _open.Clear();
        _list.Dispose();
    }
}
