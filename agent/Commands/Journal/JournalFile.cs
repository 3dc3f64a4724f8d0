using HostAgent.Agent.Linux;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Commands.Journal;

/// <summary>The bytes of the journal on disk: appended, with room taken ahead. Not thread-safe but for <see cref="Flush"/>.</summary>
internal sealed class JournalFile : IDisposable
{
    private const int RoomStepBytes = 64 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SafeFileHandle _file;
    private long _fileBytes;

    private JournalFile(SafeFileHandle file, long usedBytes)
    {
        _file = file;
        UsedBytes = usedBytes;
        _fileBytes = RandomAccess.GetLength(file);
    }

    /// <summary>Bytes that hold records, the header included.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Opens a journal of which the first <paramref name="goodBytes"/> are sound. The room behind them is kept; what a torn write left there is
    /// wiped.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static JournalFile Open(string path, long goodBytes, bool isTorn)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            var journal = new JournalFile(file, goodBytes);
            if (isTorn)
            {
                journal.Wipe(goodBytes, journal._fileBytes);
            }

            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Replaces the journal as a whole: after a crash at any instant the old or the new one is there.</summary>
    /// <exception cref="IOException">The disk refuses; the old one is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static JournalFile Replace(string path, IEnumerable<JournalRecord> records)
    {
        string aside = path + ".tmp";
        File.Delete(aside);
        using (var made = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            Span<byte> header = stackalloc byte[JournalHeader.Bytes];
            JournalHeader.Write(header);
            made.Write(header);
            foreach (JournalRecord record in records)
            {
                byte[] bytes = new byte[record.Bytes];
                record.Write(bytes);
                made.Write(bytes);
            }

            made.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        if (FsyncCall.Directory(Path.GetDirectoryName(path)!) is < 0 and var errno)
        {
            throw new IOException($"cannot sync the directory of {path}: {Errno.Describe(-errno)}");
        }

        return Open(path, new FileInfo(path).Length, isTorn: false);
    }

    /// <summary>Takes room from the disk for this many bytes after the last record.</summary>
    /// <exception cref="IOException">The disk is full; what was written stays sound.</exception>
    public void Reserve(long bytes)
    {
        long wanted = UsedBytes + bytes;
        if (wanted <= _fileBytes)
        {
            return;
        }

        wanted = (wanted + RoomStepBytes - 1) / RoomStepBytes * RoomStepBytes;
        try
        {
            Wipe(_fileBytes, wanted);
        }
        finally
        {
            _fileBytes = RandomAccess.GetLength(_file);
        }
    }

    /// <summary>Appends a record; it is durable after <see cref="Flush"/>.</summary>
    /// <exception cref="IOException">The disk refuses; what was written before stays sound.</exception>
    public void Append(JournalRecord record)
    {
        byte[] bytes = new byte[record.Bytes];
        record.Write(bytes);
        RandomAccess.Write(_file, bytes, UsedBytes);
        UsedBytes += bytes.Length;
        _fileBytes = Math.Max(_fileBytes, UsedBytes);
    }

    /// <summary>Waits until everything appended is on the disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Wipe(long from, long to)
    {
        byte[] zeros = new byte[RoomStepBytes];
        for (long at = from; at < to; at += zeros.Length)
        {
            RandomAccess.Write(_file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, to - at)), at);
        }
    }
}
