using System.Globalization;
using System.Text;
using HostAgent.Protos.Audit;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Aggregator.Audit;

/// <summary>The file audit.head: the chain's head outside of the store, so that cutting the end off the store alone shows. One line of fixed
/// length, written in place with one write; not flushed, see FORMAT.md.</summary>
internal sealed class AuditHeadFile : IDisposable
{
    /// <summary>Its name in the data directory.</summary>
    public const string Name = "audit.head";

    private readonly SafeFileHandle _handle;

    private AuditHeadFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>The head in the file; null when there is no file, or something else in it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AuditAnchor? TryRead(string path) => File.Exists(path) ? AuditAnchor.TryParse(File.ReadAllText(path)) : null;

    /// <summary>Opens or makes the file, mode 0600. What it holds stays until <see cref="Write"/>.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static AuditHeadFile Open(string path) => new(new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        BufferSize = 0,
    }).SafeFileHandle);

    /// <summary>Replaces what it holds.</summary>
    public void Write(AuditAnchor head)
        => RandomAccess.Write(_handle, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Sequence:D20}:{head.Hash}\n")), 0);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
