namespace HostAgent.Agent.Linux;

/// <summary>A file of procfs or sysfs that is read again and again: opened at the first reading, kept open, read whole from offset 0.</summary>
/// <remarks>Not thread-safe. A kernel file has its price at open(2) too, often more than at read(2).</remarks>
internal sealed class KernelFile(string path) : IDisposable
{
    // The kernel hands out whole records, about a page at a time. A reading that is shorter than a page by more than the longest record of the
    // files that are read this way is the last one: one call fewer, and for some files (vmstat) a call costs as much as the first.
    private const int PageBytes = 4096;
    private const int LongestRecordBytes = 1024;

    // An absent file is looked for again once in so many readings: modules load late, but an open(2) that fails is not free either.
    private const int ReadingsBetweenLooks = 60;

    private int _descriptor = -1;
    private int _readingsUntilLook;

    /// <summary>Full path.</summary>
    public string Path => path;

    /// <summary>errno of the last reading; 0 when it went well.</summary>
    public int LastErrno { get; private set; }

    /// <summary>True when the file's records may be long (paths in mountinfo), so that only an empty reading is the end.</summary>
    public bool HasLongRecords { get; init; }

    /// <summary>True when this kernel does not have the file, by the last reading.</summary>
    public bool IsAbsent => Errno.MeansAbsent(LastErrno);

    /// <summary>Opens the file if it is not open. Returns the descriptor, or the negated errno.</summary>
    public int Open()
    {
        if (_descriptor >= 0)
        {
            return _descriptor;
        }

        if (IsAbsent && _readingsUntilLook-- > 0)
        {
            return -LastErrno;
        }

        int opened = OpenCall.Read(path);
        if (opened < 0)
        {
            LastErrno = -opened;
            _readingsUntilLook = ReadingsBetweenLooks;
            return opened;
        }

        LastErrno = 0;
        return _descriptor = opened;
    }

    /// <summary>Reads the whole file into <paramref name="buffer"/>, which is replaced by a larger one when it is too small. Returns the
    /// bytes read, or the negated errno, which is kept in <see cref="LastErrno"/>; the file is then opened anew next time.</summary>
    public int Read(ref byte[] buffer)
    {
        int descriptor = Open();
        if (descriptor < 0)
        {
            return descriptor;
        }

        int total = 0;
        while (true)
        {
            if (buffer.Length - total < PageBytes)
            {
                Array.Resize(ref buffer, Math.Max(buffer.Length * 2, 4 * PageBytes));
            }

            int count = PreadCall.Read(descriptor, buffer.AsSpan(total), total);
            if (count < 0)
            {
                Close();
                LastErrno = -count;
                return count;
            }

            total += count;
            if (count == 0 || (count < PageBytes - LongestRecordBytes && !HasLongRecords))
            {
                LastErrno = 0;
                return total;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Close()
    {
        if (_descriptor >= 0)
        {
            CloseCall.Close(_descriptor);
            _descriptor = -1;
        }
    }
}
