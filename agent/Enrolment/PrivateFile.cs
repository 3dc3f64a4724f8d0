using HostAgent.Agent.Linux;
using HostAgent.Agent.Spool;

namespace HostAgent.Agent.Enrolment;

/// <summary>Replaces a file that only its owner may read: after a crash at any instant the old or the new content is there.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="IOException">The disk refuses; the old content is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var aside = path + DurableFile.TemporaryExtension;
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (OperatingSystem.IsLinux())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(aside, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        if (FsyncCall.Directory(Path.GetDirectoryName(path)!) is < 0 and var errno)
        {
            throw new IOException($"cannot sync the directory of {path}: {Errno.Describe(-errno)}");
        }
    }
}
