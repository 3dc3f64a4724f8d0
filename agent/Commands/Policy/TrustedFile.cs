using HostAgent.Agent.Linux;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>Reads files that say what may be done to this host: only when nobody but root and the agent's own user can have written them.</summary>
internal static class TrustedFile
{
    private const int MaxBytes = 1 << 20;
    private const int GroupOrWorldWritable = 0x12; // 022

    /// <summary>Its content.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="UnauthorizedAccessException">Somebody else can write it, or it may not be read; the message says what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (StatxCall.Descriptor((int)file.DangerousGetHandle(), out FileStatus status) is < 0 and var errno)
        {
            throw new IOException($"{path} cannot be looked at: {Errno.Describe(-errno)}");
        }

        if (!status.IsRegular)
        {
            throw new IOException($"{path} is no regular file");
        }

        if (status.Uid != 0 && status.Uid != GeteuidCall.Get())
        {
            throw new UnauthorizedAccessException($"{path} belongs to user {status.Uid}: only files of root or of the agent's own user count (chown root {path})");
        }

        if ((status.Mode & GroupOrWorldWritable) != 0)
        {
            throw new UnauthorizedAccessException($"{path} can be written by its group or by everybody, so it does not count (chmod go-w {path})");
        }

        long length = RandomAccess.GetLength(file);
        if (length > MaxBytes)
        {
            throw new IOException($"{path} has {length} bytes, more than {MaxBytes}");
        }

        byte[] content = new byte[length];
        int read = 0;
        while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is > 0 and var count)
        {
            read += count;
        }

        return content[..read];
    }
}
