using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Linux;

/// <summary>A directory held open, reached without following any symbolic link, and the files in it by name. Whoever may write to a directory on the
/// way cannot lead an act elsewhere by swapping a part of the path for a link: what was checked is what is acted on.</summary>
internal sealed class DirectoryHandle : IDisposable
{
    private readonly int _descriptor;

    private DirectoryHandle(int descriptor, string path)
    {
        _descriptor = descriptor;
        Path = path;
    }

    /// <summary>Its path, for messages.</summary>
    public string Path { get; }

    /// <summary>Opens the directory that holds <paramref name="path"/>.</summary>
    /// <param name="tree">What stands before the path; followed as it is.</param>
    /// <param name="path">Absolute, without . and .. parts.</param>
    /// <param name="name">The path's last part.</param>
    /// <exception cref="IOException">A part does not exist, is a link, or may not be entered.</exception>
    public static DirectoryHandle OpenParent(string tree, string path, out string name)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts.Any(static part => part is "." or ".."))
        {
            throw new IOException($"{path} is no path of a file");
        }

        name = parts[^1];
        int at = OpenCall.Directory(tree + "/");
        if (at < 0)
        {
            throw new IOException($"{tree}/: {Errno.Describe(-at)}");
        }

        string walked = "";
        for (int i = 0; i < parts.Length - 1; i++)
        {
            walked += "/" + parts[i];
            bool isLast = i == parts.Length - 2;
            int next = OpenAtCall.NoFollow(at, parts[i], OpenFlags.Directory | (isLast ? OpenFlags.ReadOnly : OpenFlags.PathOnly));
            CloseCall.Close(at);
            if (next < 0)
            {
                throw Fault(walked, -next);
            }

            at = next;
        }

        return new DirectoryHandle(at, walked.Length == 0 ? "/" : walked);
    }

    /// <summary>Null when there is no such name.</summary>
    public FileStatus? Status(string name)
    {
        int result = StatxCall.Name(_descriptor, name, out FileStatus status);
        return result == 0 ? status : result == -Errno.ENOENT ? null : throw Fault($"{Path}/{name}", -result);
    }

    /// <summary>Opens a file that exists; never a link. A pipe does not block the opening.</summary>
    public SafeFileHandle Open(string name, int flags) => Handle(OpenAtCall.NoFollow(_descriptor, name, flags | OpenFlags.NonBlocking), name);

    /// <summary>Makes a file that must not exist yet, 0600.</summary>
    public SafeFileHandle Create(string name)
        => Handle(OpenAtCall.NoFollow(_descriptor, name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x180), name);

    public void Rename(string from, string to) => Check(RenameAtCall.Within(_descriptor, from, to), from);

    public void Remove(string name) => Check(UnlinkAtCall.File(_descriptor, name), name);

    /// <summary>Makes the names durable.</summary>
    public void Sync() => Check(FsyncCall.Descriptor(_descriptor), "");

    /// <summary>The names in it that begin with <paramref name="prefix"/>, in ordinal order.</summary>
    public IReadOnlyList<string> Names(string prefix)
    {
        string self = "/proc/self/fd/" + _descriptor.ToString(CultureInfo.InvariantCulture);
        return [.. new DirectoryInfo(self).EnumerateFileSystemInfos().Select(static entry => entry.Name)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Dispose() => CloseCall.Close(_descriptor);

    private static IOException Fault(string path, int errno) => new(errno switch
    {
        Errno.ENOENT => $"{path} does not exist",
        Errno.ELOOP => $"{path} is a symbolic link: name the file it leads to",
        Errno.ENOTDIR => $"{path} is a symbolic link or no directory: name the path without links",
        Errno.EACCES or Errno.EPERM => $"{path} may not be used by this user: {Errno.Describe(errno)}",
        _ => $"{path}: {Errno.Describe(errno)}",
    });

    private SafeFileHandle Handle(int descriptor, string name)
        => descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Fault($"{Path}/{name}", -descriptor);

    private void Check(int result, string name)
    {
        if (result < 0)
        {
            throw Fault(name.Length == 0 ? Path : $"{Path}/{name}", -result);
        }
    }
}
