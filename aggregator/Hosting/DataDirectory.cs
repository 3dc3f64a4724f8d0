namespace HostAgent.Aggregator.Hosting;

/// <summary>The data directory of one running aggregator: made when missing, and locked against a second instance until disposed.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Location = path;
        _lock = @lock;
    }

    /// <summary>Absolute path.</summary>
    public string Location { get; }

    /// <summary>A file in the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Location, name);

    /// <exception cref="StartException">Another instance has it (73), it cannot be made (73) or access is refused (77).</exception>
    public static DataDirectory Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartException(ExitCodes.NoPermission, $"cannot make the data directory {path}: {e.Message} Choose another with --data DIR.", e);
        }
        catch (IOException e)
        {
            throw new StartException(ExitCodes.CannotCreate, $"cannot make the data directory {path}: {e.Message} Choose another with --data DIR.", e);
        }

        string lockPath = System.IO.Path.Combine(path, "lock");
        try
        {
            // FileShare.None is an advisory flock on Linux: the kernel drops it when the process ends, however it ends.
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = AtomicFile.Private,
            };
            return new DataDirectory(path, new FileStream(lockPath, options));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartException(ExitCodes.NoPermission, $"cannot write in the data directory {path}: {e.Message}", e);
        }
        catch (IOException e)
        {
            string who = EndpointsFile.TryReadPid(path) is { } pid ? $" (process {pid})" : "";
            throw new StartException(
                ExitCodes.CannotCreate,
                $"the data directory {path} is in use by another hostaggregator{who}, or cannot be locked: {e.Message} "
                + "Stop that one first, or give this one its own directory with --data DIR.",
                e);
        }
    }

    /// <summary>Lets go of the directory. The lock file stays: deleting it would let two instances lock two different files.</summary>
    public void Dispose() => _lock.Dispose();
}
