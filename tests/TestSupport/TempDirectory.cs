namespace HostAgent.TestSupport;

/// <summary>A directory of its own for one test, removed at the end unless the test wants it kept.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <param name="purpose">Part of the name, for people who find it.</param>
    /// <param name="parent">Where it is made; default: the system's directory for temporary files.</param>
    public TempDirectory(string purpose, string? parent = null)
    {
        FullPath = Path.Combine(parent ?? Path.GetTempPath(), $"{purpose}-{Guid.NewGuid():N}"[..(purpose.Length + 13)]);
        Directory.CreateDirectory(FullPath);
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Set to leave the directory behind, for example after a failure.</summary>
    public bool Keep { get; set; }

    /// <summary>A path inside it; nothing is created.</summary>
    public string File(params string[] parts) => Path.Combine([FullPath, .. parts]);

    /// <summary>A directory inside it, created when missing.</summary>
    public string Folder(params string[] parts) => Directory.CreateDirectory(File(parts)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Keep && Directory.Exists(FullPath))
        {
            Directory.Delete(FullPath, recursive: true);
        }
    }
}
