using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Spool;

/// <summary>Replaces a small file as a whole: after a crash at any instant the old or the new content is there, never a mixture.</summary>
internal static class DurableFile
{
    public const string TemporaryExtension = ".tmp";

    /// <exception cref="IOException">The disk refuses; the old content is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var aside = path + TemporaryExtension;
        using (var file = File.OpenHandle(aside, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(aside, path, overwrite: true);
        if (FsyncCall.Directory(Path.GetDirectoryName(path)!) is < 0 and var errno)
        {
            throw new IOException($"cannot sync the directory of {path}: {Errno.Describe(-errno)}");
        }
    }
}
