using System.Buffers.Text;

namespace HostAgent.Agent.Linux;

/// <summary>The files of single processes, opened relative to the directory that <see cref="PidList"/> keeps open.</summary>
/// <remarks>Not thread-safe. A process that has ended is an errno like any other: ENOENT at the opening, ESRCH at the reading.</remarks>
internal sealed class ProcessFiles(PidList list)
{
    private const int PidDigits = 10;
    private const int MaxLeafBytes = 20;

    // Kernels before 6.2 do not say how many descriptors a process has as the size of its fd directory; this process has some.
    private readonly byte[] _entries = new byte[8 * 1024];
    private bool? _sizeIsCount;

    /// <summary>True when the errno says that the process has ended.</summary>
    public static bool MeansEnded(int errno) => errno is Errno.ENOENT or Errno.ESRCH;

    /// <summary>True when the errno says that this process may not look.</summary>
    public static bool MeansForbidden(int errno) => errno is Errno.EACCES or Errno.EPERM;

    /// <summary>Opens a file of a process. Returns the descriptor, or the negated errno.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="leaf">Name with a slash before and a zero byte after it.</param>
    public int Open(int pid, ReadOnlySpan<byte> leaf)
    {
        Span<byte> path = stackalloc byte[PidDigits + MaxLeafBytes];
        return OpenAtCall.Read(list.Directory, PathOf(path, pid, leaf));
    }

    /// <summary>Opens a file of a process, reads its beginning and closes it. Returns the bytes read, or the negated errno.</summary>
    public int Read(int pid, ReadOnlySpan<byte> leaf, Span<byte> buffer)
    {
        int descriptor = Open(pid, leaf);
        if (descriptor < 0)
        {
            return descriptor;
        }

        int count = PreadCall.Read(descriptor, buffer, 0);
        CloseCall.Close(descriptor);
        return count;
    }

    /// <summary>How many descriptors a process has open. Returns the number, or the negated errno.</summary>
    public long CountDescriptors(int pid)
    {
        _sizeIsCount ??= SizeOfDirectory(Environment.ProcessId) > 0;
        return _sizeIsCount.Value ? SizeOfDirectory(pid) : CountEntries(pid);
    }

    private static ReadOnlySpan<byte> PathOf(Span<byte> path, int pid, ReadOnlySpan<byte> leaf)
    {
        Utf8Formatter.TryFormat(pid, path, out int digits);
        leaf.CopyTo(path[digits..]);
        return path[..(digits + leaf.Length)];
    }

    private long SizeOfDirectory(int pid)
    {
        Span<byte> path = stackalloc byte[PidDigits + MaxLeafBytes];
        return StatxCall.Size(list.Directory, PathOf(path, pid, "/fd\0"u8));
    }

    private long CountEntries(int pid)
    {
        int directory = Open(pid, "/fd\0"u8);
        if (directory < 0)
        {
            return directory;
        }

        long count = 0;
        int bytes;
        while ((bytes = GetdentsCall.Read(directory, _entries)) > 0)
        {
            for (var entries = new DirectoryEntries(_entries.AsSpan(0, bytes)); entries.Next(out ReadOnlySpan<byte> name);)
            {
                count += name[0] == (byte)'.' ? 0 : 1;
            }
        }

        CloseCall.Close(directory);
        return bytes < 0 ? bytes : count;
    }
}
