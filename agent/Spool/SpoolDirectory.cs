using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Spool;

/// <summary>The state directory: its lock, its small files and what to do with a file that does not read. A directory that cannot be used
/// is no reason not to run: <see cref="IsUsable"/> is then false and everything stays in memory.</summary>
internal sealed partial class SpoolDirectory : IDisposable
{
    private const string DamagedExtension = ".damaged";

    private readonly FileStream? _lock;
    private readonly int _maxDamaged;
    private readonly ILogger _log;

    /// <exception cref="SpoolLockedException">Another agent uses it.</exception>
    public SpoolDirectory(string path, int maxDamaged, ILogger log)
    {
        Path = System.IO.Path.GetFullPath(path);
        _maxDamaged = maxDamaged;
        _log = log;
        try
        {
            _ = OperatingSystem.IsLinux()
                ? Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
                : Directory.CreateDirectory(Path);
            _lock = OpenLock();
            foreach (var aside in Directory.GetFiles(Path, "*" + DurableFile.TemporaryExtension))
            {
                File.Delete(aside);
            }

            IsUsable = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogUnusable(_log, Path, error.Message);
        }
    }

    public string Path { get; }

    public bool IsUsable { get; }

    private string StatePath => System.IO.Path.Combine(Path, "state");

    /// <summary>Full paths of all segments, oldest first.</summary>
    public string[] SegmentPaths()
    {
        if (!IsUsable)
        {
            return [];
        }

        var paths = Directory.GetFiles(Path, "*" + SegmentName.Extension);
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }

    /// <summary>The state that the last run left; an empty one when there is none or it does not read.</summary>
    public SpoolState ReadState()
    {
        if (!IsUsable || !File.Exists(StatePath))
        {
            return new SpoolState();
        }

        try
        {
            if (SpoolState.Parse(File.ReadAllBytes(StatePath)) is { } state)
            {
                return state;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_log, StatePath, error.Message);
        }

        Quarantine(StatePath);
        return new SpoolState();
    }

    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public void WriteState(SpoolState state)
    {
        if (!IsUsable)
        {
            throw new IOException($"the state directory {Path} cannot be used");
        }

        DurableFile.Replace(StatePath, state.Format());
    }

    /// <summary>This agent's identity, 32 lower-case hex digits: made up at the first start and kept. Without a usable directory it is
    /// derived from <paramref name="machineId"/>, so that it is the same after a restart.</summary>
    public string HostId(string? machineId)
    {
        var path = System.IO.Path.Combine(Path, "host-id");
        try
        {
            if (IsUsable && File.Exists(path))
            {
                var known = File.ReadAllText(path).Trim();
                if (known.Length == 32 && known.All(char.IsAsciiHexDigitLower))
                {
                    return known;
                }

                Quarantine(path);
            }

            if (IsUsable)
            {
                var made = RandomNumberGenerator.GetHexString(32, lowercase: true);
                DurableFile.Replace(path, Encoding.ASCII.GetBytes(made + "\n"));
                return made;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNoIdentity(_log, path, error.Message);
        }

        return machineId is null
            ? RandomNumberGenerator.GetHexString(32, lowercase: true)
            : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(machineId), "hostagent host-id"u8).AsSpan(0, 16));
    }

    /// <summary>Puts a file that does not read aside, so that it stops nobody and somebody can look at it. Keeps the newest few.</summary>
    public void Quarantine(string path)
    {
        try
        {
            File.Move(path, path + DamagedExtension, overwrite: true);
            var damaged = new DirectoryInfo(Path).GetFiles("*" + DamagedExtension);
            foreach (var old in damaged.OrderByDescending(file => file.LastWriteTimeUtc).ThenByDescending(file => file.Name).Skip(_maxDamaged))
            {
                old.Delete();
            }

            LogQuarantined(_log, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_log, path, error.Message);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private FileStream OpenLock()
    {
        var path = System.IO.Path.Combine(Path, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path) && IsHeld(path))
        {
            throw new SpoolLockedException(Path);
        }
    }

    /// <summary>Tells a lock that somebody holds from a disk that refuses to open the file.</summary>
    private static bool IsHeld(string path)
    {
        try
        {
            using var shared = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The state directory {Path} cannot be used ({Reason}). Running without: samples that the aggregator has not acknowledged are kept in memory only. Make it writable and restart")]
    private static partial void LogUnusable(ILogger log, string path, string reason);

    [LoggerMessage(2, LogLevel.Error, "Cannot read {Path}: {Reason}")]
    private static partial void LogUnreadable(ILogger log, string path, string reason);

    [LoggerMessage(3, LogLevel.Error, "{Path} is damaged; it was renamed to *.damaged and what it held is reported as lost")]
    private static partial void LogQuarantined(ILogger log, string path);

    [LoggerMessage(4, LogLevel.Error, "Cannot keep this agent's identity in {Path}: {Reason}")]
    private static partial void LogNoIdentity(ILogger log, string path, string reason);
}
