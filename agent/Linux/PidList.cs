using System.Buffers.Text;

namespace HostAgent.Agent.Linux;

/// <summary>The numbers of all processes, out of the directory of a procfs that is kept open.</summary>
/// <remarks>Not thread-safe. Allocates only when there are more processes than ever before.</remarks>
internal sealed class PidList(string root) : IDisposable
{
    private readonly byte[] _entries = new byte[32 * 1024];
    private int[] _pids = new int[512];

    /// <summary>Processes found by the last <see cref="Refresh"/>, in the kernel's order: ascending.</summary>
    public Span<int> Pids => _pids.AsSpan(0, Count);

    /// <summary>How many they are.</summary>
    public int Count { get; private set; }

    /// <summary>The open directory, for openat(2); negative before the first <see cref="Refresh"/>.</summary>
    public int Directory { get; private set; } = -1;

    /// <summary>Lists the processes. Returns 0, or the negated errno.</summary>
    public int Refresh()
    {
        if (Directory < 0)
        {
            int opened = OpenCall.Directory(root);
            if (opened < 0)
            {
                return opened;
            }

            Directory = opened;
        }

        Count = 0;
        LseekCall.Rewind(Directory);
        while (true)
        {
            int bytes = GetdentsCall.Read(Directory, _entries);
            if (bytes < 0)
            {
                Dispose();
                return bytes;
            }

            if (bytes == 0)
            {
                return 0;
            }

            TakePids(_entries.AsSpan(0, bytes));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory >= 0)
        {
            CloseCall.Close(Directory);
            Directory = -1;
        }
    }

    private void TakePids(ReadOnlySpan<byte> bytes)
    {
        for (var entries = new DirectoryEntries(bytes); entries.Next(out ReadOnlySpan<byte> name);)
        {
            if (name[0] is >= (byte)'1' and <= (byte)'9' && Utf8Parser.TryParse(name, out int pid, out int digits) && digits < name.Length && name[digits] == 0)
            {
                if (Count == _pids.Length)
                {
                    Array.Resize(ref _pids, Count * 2);
                }

                _pids[Count++] = pid;
            }
        }
    }
}
