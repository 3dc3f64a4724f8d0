using System.Buffers.Text;
using System.Text;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Ports;

/// <summary>Finds the process behind a socket by the targets of /proc/PID/fd: only when a socket is there that was not there before.</summary>
/// <remarks>Looking through all descriptors of a host costs about a microsecond each. So a reading looks through so many at most, the next one goes on where
/// it stopped, and a socket that nobody holds is looked for again after ten minutes at the earliest.</remarks>
internal sealed class SocketOwners(PidList list, ProcessFiles files)
{
    private const int DescriptorsPerReading = 8000;
    private static readonly TimeSpan RetryUnknown = TimeSpan.FromMinutes(10);

    private readonly Dictionary<uint, SocketOwner> _owners = [];
    private readonly HashSet<uint> _wanted = [];
    private readonly HashSet<uint> _present = [];
    private readonly List<uint> _gone = [];
    private readonly byte[] _entries = new byte[16 * 1024];
    private readonly byte[] _buffer = new byte[4096];
    private int _afterPid;
    private int _verified;
    private long _unknownSince;
    private bool _hasNews;

    /// <summary>The owner of a socket; null: not looked for to the end yet.</summary>
    public SocketOwner? Of(uint inode) => inode == 0 ? SocketOwner.Unknown : _owners.GetValueOrDefault(inode);

    /// <summary>Looks for the owners that are not known. Returns true when any has become known or has changed.</summary>
    public bool Update(Tick tick, ReadOnlySpan<ListeningSocket> sockets)
    {
        // Kept in a field: a look that is cut short by a call that hangs has found what it has found.
        Search(tick, sockets);
        bool news = _hasNews;
        _hasNews = false;
        return news;
    }

    private void Search(Tick tick, ReadOnlySpan<ListeningSocket> sockets)
    {
        Verify(tick, sockets);
        bool retry = tick.Time.GetElapsedTime(_unknownSince) >= RetryUnknown;
        bool isNew = false;
        foreach (ListeningSocket socket in sockets)
        {
            bool known = socket.Inode == 0 || (_owners.TryGetValue(socket.Inode, out SocketOwner? owner) && !(retry && owner.Pid == 0));
            isNew |= !known && _wanted.Add(socket.Inode);
        }

        if (_wanted.Count == 0)
        {
            return;
        }

        // Processes that were looked through before this socket was seen may hold it.
        _afterPid = isNew ? 0 : _afterPid;
        if (!Look(tick))
        {
            return;
        }

        // To the end: what was not found is nobody's whom we may see.
        foreach (uint inode in _wanted)
        {
            _owners[inode] = SocketOwner.Unknown;
            _unknownSince = tick.Time.GetTimestamp();
        }

        _wanted.Clear();
        _hasNews = true;
        Forget(sockets);
    }

    // One owner per reading: has it ended, and somebody else holds the socket?
    private void Verify(Tick tick, ReadOnlySpan<ListeningSocket> sockets)
    {
        _verified = _verified + 1 < sockets.Length ? _verified + 1 : 0;
        if (sockets.IsEmpty || !_owners.TryGetValue(sockets[_verified].Inode, out SocketOwner? owner) || owner.Pid == 0)
        {
            return;
        }

        if (!TryStat(tick, owner.Pid, out _, out ProcessStat stat) || stat.StartTicks != owner.StartTicks)
        {
            _owners.Remove(sockets[_verified].Inode);
        }
    }

    // True when everything was looked through or everything wanted was found.
    private bool Look(Tick tick)
    {
        tick.Gate.Enter();
        int error = list.Refresh();
        tick.Gate.Leave();
        if (error < 0)
        {
            return true;
        }

        list.Pids.Sort();
        int budget = DescriptorsPerReading;
        foreach (int pid in list.Pids)
        {
            if (pid <= _afterPid)
            {
                continue;
            }

            if (_wanted.Count == 0)
            {
                break;
            }

            if (budget <= 0)
            {
                return false;
            }

            budget -= LookInto(tick, pid);
            _afterPid = pid;
        }

        _afterPid = 0;
        return true;
    }

    // Returns how many descriptors were looked at.
    private int LookInto(Tick tick, int pid)
    {
        tick.Gate.Enter();
        int directory = files.Open(pid, "/fd\0"u8);
        tick.Gate.Leave();
        if (directory < 0)
        {
            return 1;
        }

        int looked = 1;
        Span<byte> target = stackalloc byte[32];
        while (true)
        {
            tick.Gate.Enter();
            int bytes = GetdentsCall.Read(directory, _entries);
            tick.Gate.Leave();
            if (bytes <= 0)
            {
                break;
            }

            for (var entries = new DirectoryEntries(_entries.AsSpan(0, bytes)); entries.Next(out ReadOnlySpan<byte> name); looked++)
            {
                int length = ReadlinkAtCall.Read(directory, name, target);
                if (length > 0 && TrySocket(target[..length], out uint inode) && _wanted.Remove(inode))
                {
                    _owners[inode] = Describe(tick, pid);
                    _hasNews = true;
                }
            }
        }

        CloseCall.Close(directory);
        return looked;
    }

    // proc_pid_fd(5): socket:[2248868].
    private static bool TrySocket(ReadOnlySpan<byte> target, out uint inode)
    {
        inode = 0;
        return target.StartsWith("socket:["u8) && Utf8Parser.TryParse(target["socket:[".Length..], out inode, out _);
    }

    private SocketOwner Describe(Tick tick, int pid)
    {
        if (!TryStat(tick, pid, out ReadOnlySpan<byte> bytes, out ProcessStat stat))
        {
            return SocketOwner.Unknown;
        }

        string name = Encoding.UTF8.GetString(bytes);

        tick.Gate.Enter();
        int count = files.Read(pid, "/cgroup\0"u8, _buffer);
        tick.Gate.Leave();
        CgroupOwner owner = count > 0 ? CgroupOwner.Of(ProcPidCgroup.PathOf(_buffer.AsSpan(0, count))) : CgroupOwner.Nobody;
        return new SocketOwner(pid, stat.StartTicks, name, owner.Unit, owner.Container);
    }

    private bool TryStat(Tick tick, int pid, out ReadOnlySpan<byte> name, out ProcessStat stat)
    {
        tick.Gate.Enter();
        int count = files.Read(pid, "/stat\0"u8, _buffer);
        tick.Gate.Leave();
        return ProcPidStat.TryParse(_buffer.AsSpan(0, Math.Max(0, count)), out name, out stat);
    }

    private void Forget(ReadOnlySpan<ListeningSocket> sockets)
    {
        _present.Clear();
        foreach (ListeningSocket socket in sockets)
        {
            _present.Add(socket.Inode);
        }

        foreach (uint inode in _owners.Keys)
        {
            if (!_present.Contains(inode))
            {
                _gone.Add(inode);
            }
        }

        _gone.ForEach(inode => _owners.Remove(inode));
        _gone.Clear();
    }
}
