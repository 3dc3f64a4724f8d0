using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling;

/// <summary>One mounted file system with its series and, when it is remote, the thread that waits for its answer.</summary>
/// <remarks>A remote one is asked on a thread of its own making, one question at a time: a server that does not answer holds one sleeping thread and
/// nothing else.</remarks>
internal sealed class FilesystemSeries(Mount mount, byte[] path, FilesystemMetrics metrics)
{
    private const int StackBytes = 128 * 1024;

    private readonly (string Name, string Value)[] _labels =
        [("device", mount.Source), ("fstype", mount.Type), ("mountpoint", mount.MountPoint)];

    private readonly int[] _ids = [-1, -1, -1, -1, -1, -1];
    private int _errorId = -1;
    private Answer? _answer;
    private int _asking;
    private long _askedAt;

    /// <summary>The mount.</summary>
    public Mount Mount => mount;

    /// <summary>Whether it is asked on another thread.</summary>
    public bool IsRemote { get; } = MountSelection.IsRemote(mount);

    /// <summary>Asks a local file system, and stores what it says.</summary>
    public void AskAndStore(Tick tick)
    {
        tick.Gate.Enter();
        int result = StatvfsCall.Read(path, out FilesystemSpace space);
        tick.Gate.Leave();
        Store(tick, -result, space);
    }

    /// <summary>Asks a remote file system on another thread unless the last question is still unanswered.</summary>
    public void AskAside(TimeProvider time)
    {
        if (Interlocked.CompareExchange(ref _asking, 1, 0) != 0)
        {
            return;
        }

        _askedAt = time.GetTimestamp();
        new Thread(() =>
        {
            int result = StatvfsCall.Read(path, out FilesystemSpace space);
            Volatile.Write(ref _answer, new Answer(-result, space));
            Volatile.Write(ref _asking, 0);
        }, StackBytes)
        { IsBackground = true, Name = "statvfs" }.Start();
    }

    /// <summary>Stores the last answer of a remote file system; one that has been silent for longer than <paramref name="patience"/> is an error.</summary>
    public void StoreAnswer(Tick tick, TimeSpan patience)
    {
        if (Volatile.Read(ref _asking) != 0 && tick.Time.GetElapsedTime(_askedAt) > patience)
        {
            Store(tick, Errno.EAGAIN, default);
        }
        else if (Volatile.Read(ref _answer) is { } answer)
        {
            Store(tick, answer.Error, answer.Space);
        }
    }

    /// <summary>It is not mounted any more.</summary>
    public void End(SeriesTable table)
    {
        EndValues(table);
        if (_errorId >= 0)
        {
            table.End(_errorId);
        }
    }

    // No data is not zero: while the file system does not answer, its sizes have no samples and the error is 1.
    private void Store(Tick tick, int error, in FilesystemSpace space)
    {
        SeriesTable table = tick.Table;
        if (_errorId < 0)
        {
            _errorId = table.Add(tick.Group, metrics.Error, _labels);
        }

        table.Set(_errorId, error == 0 ? 0 : 1);
        if (error != 0)
        {
            EndValues(table);
            return;
        }

        Set(tick, 0, metrics.Size, space.SizeBytes);
        Set(tick, 1, metrics.Free, space.FreeBytes);
        Set(tick, 2, metrics.Available, space.AvailableBytes);
        Set(tick, 3, metrics.ReadOnly, space.ReadOnly ? 1 : 0);
        if (space.Inodes > 0)
        {
            Set(tick, 4, metrics.Inodes, space.Inodes);
            Set(tick, 5, metrics.FreeInodes, space.FreeInodes);
        }
    }

    private void Set(Tick tick, int which, Metric metric, long value)
    {
        if (_ids[which] < 0)
        {
            _ids[which] = tick.Table.Add(tick.Group, metric, _labels);
        }

        tick.Table.Set(_ids[which], value);
    }

    private void EndValues(SeriesTable table)
    {
        for (int i = 0; i < _ids.Length; i++)
        {
            if (_ids[i] >= 0)
            {
                table.End(_ids[i]);
                _ids[i] = -1;
            }
        }
    }

    private sealed record Answer(int Error, FilesystemSpace Space);
}
