using System.Diagnostics;

namespace HostAgent.TestSupport.Faults;

/// <summary>A small file system of its own, to be filled, freed and stalled. Needs <see cref="PrivateMounts"/>.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _ballast;
    private readonly bool _stallable;
    private Process? _stall;

    private SmallDisk(string path, bool stallable)
    {
        FullPath = path;
        _stallable = stallable;
        _ballast = Path.Combine(path, ".ballast");
    }

    /// <summary>Where it is mounted.</summary>
    public string FullPath { get; }

    /// <summary>Whether it is full at this time.</summary>
    public bool IsFull => File.Exists(_ballast);

    /// <summary>Memory that calls itself a disk: never stalls, loses nothing, can be full.</summary>
    public static SmallDisk OfMemory(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", path);
        return new SmallDisk(path, stallable: false);
    }

    /// <summary>ext4 in a file on a loop device: flushes for real, can be full, can be stalled.</summary>
    public static SmallDisk OfFile(string path, string image, int megabytes)
    {
        Directory.CreateDirectory(path);
        using (FileStream file = File.Create(image))
        {
            file.SetLength(megabytes * 1024L * 1024);
        }

        Run("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=1", image);
        Run("mount", "-o", "loop", image, path);
        return new SmallDisk(path, stallable: true);
    }

    /// <summary>Takes the space that is left, so that the next write of others finds none.</summary>
    public void Fill()
    {
        using var file = new FileStream(_ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[256 * 1024];
        for (int size = block.Length; size >= 512;)
        {
            try
            {
                file.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(_ballast);

    /// <summary>Every write and flush waits for this long; a process that waits cannot even be killed. Returns at once; false when this
    /// kind of disk cannot be stalled.</summary>
    /// <remarks>fsfreeze(8). A shell of its own thaws it, so that the disk comes back even when the test program dies meanwhile.</remarks>
    public bool Stall(TimeSpan duration)
    {
        if (!_stallable || _stall is { HasExited: false })
        {
            return false;
        }

        _stall?.Dispose();
        _stall = Process.Start("/bin/sh",
            ["-c", $"trap '' HUP INT TERM; fsfreeze -f '{FullPath}' && sleep {duration.TotalSeconds:0.###}; fsfreeze -u '{FullPath}' 2>/dev/null"]);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stall?.WaitForExit();
        _stall?.Dispose();
        Run("umount", "-l", FullPath);
    }

    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException($"{program} {string.Join(' ', arguments)}: exit {process.ExitCode}: {errors.Trim()}");
        }
    }
}
