using System.Globalization;
using System.IO.Compression;
using HostAgent.Agent.Linux;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary>The earlier generations of one log file: NAME-20261122T163000Z, later with .gz. Names sort by age.</summary>
internal sealed class RotatedFiles(DirectoryHandle directory, string name)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string Compressed = ".gz";
    private const string Unfinished = ".gz.tmp";

    /// <summary>All generations, oldest first.</summary>
    public IReadOnlyList<string> All => [.. directory.Names(name + "-").Where(IsGeneration)];

    /// <summary>A name for a generation of this instant that is not taken.</summary>
    public string NextName(DateTimeOffset now)
    {
        for (int seconds = 0; ; seconds++)
        {
            string candidate = $"{name}-{now.UtcDateTime.AddSeconds(seconds).ToString(TimeFormat, CultureInfo.InvariantCulture)}";
            if (directory.Status(candidate) is null && directory.Status(candidate + Compressed) is null)
            {
                return candidate;
            }
        }
    }

    /// <summary>Compresses every generation that is not, but for those that some process still has open; returns how many.</summary>
    /// <param name="isOpen">Whether somebody has it open.</param>
    /// <param name="cancellation">Ends it between and within files; an unfinished one is made anew next time.</param>
    public async Task<int> CompressAsync(Func<FileStatus, bool> isOpen, CancellationToken cancellation)
    {
        foreach (string left in directory.Names(name + "-").Where(static one => one.EndsWith(Unfinished, StringComparison.Ordinal)))
        {
            directory.Remove(left);
        }

        int count = 0;
        foreach (string one in All.Where(static one => !one.EndsWith(Compressed, StringComparison.Ordinal)))
        {
            if (directory.Status(one) is { IsRegular: true } status && !isOpen(status))
            {
                await CompressAsync(one, cancellation);
                count++;
            }
        }

        return count;
    }

    /// <summary>Removes the oldest generations until <paramref name="keep"/> are left; returns how many went.</summary>
    public int Prune(int keep)
    {
        string[] surplus = [.. All.SkipLast(keep)];
        foreach (string one in surplus)
        {
            directory.Remove(one);
        }

        return surplus.Length;
    }

    /// <summary>Copies a file to a new generation and empties it; lines written in between are in neither.</summary>
    public async Task CopyAndTruncateAsync(SafeFileHandle source, FileStatus status, string to, CancellationToken cancellation)
    {
        await using (FileStream target = New(to, status))
        {
            byte[] buffer = new byte[128 * 1024];
            long at = 0;
            for (int read; (read = await RandomAccess.ReadAsync(source, buffer, at, cancellation)) > 0; at += read)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            target.Flush(flushToDisk: true);
        }

        directory.Sync();
        RandomAccess.SetLength(source, 0);
    }

    /// <summary>Makes an empty file with the owner and permissions of another.</summary>
    public FileStream New(string file, FileStatus like)
    {
        SafeFileHandle handle = directory.Create(file);
        if (FchownCall.Set((int)handle.DangerousGetHandle(), like.Uid, like.Gid) is < 0 and var errno && -errno != Errno.EPERM)
        {
            handle.Dispose();
            throw new IOException($"{directory.Path}/{file}: its owner cannot be set: {Errno.Describe(-errno)}");
        }

        File.SetUnixFileMode(handle, like.Permissions);
        return new FileStream(handle, FileAccess.ReadWrite);
    }

    private async Task CompressAsync(string file, CancellationToken cancellation)
    {
        using SafeFileHandle handle = directory.Open(file, OpenFlags.ReadOnly);
        if (StatxCall.Descriptor((int)handle.DangerousGetHandle(), out FileStatus status) < 0 || !status.IsRegular)
        {
            throw new IOException($"{directory.Path}/{file} is no ordinary file any more");
        }

        await using (var source = new FileStream(handle, FileAccess.Read))
        await using (FileStream target = New(file + Unfinished, status))
        {
            await using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
            {
                await source.CopyToAsync(gzip, cancellation);
            }

            target.Flush(flushToDisk: true);
        }

        directory.Rename(file + Unfinished, file + Compressed);
        directory.Sync();
        directory.Remove(file);
    }

    private bool IsGeneration(string file)
    {
        string suffix = file[(name.Length + 1)..];
        suffix = suffix.EndsWith(Compressed, StringComparison.Ordinal) ? suffix[..^Compressed.Length] : suffix;
        return DateTime.TryParseExact(suffix, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
    }
}
