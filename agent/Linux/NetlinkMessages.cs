using System.Buffers.Binary;

namespace HostAgent.Agent.Linux;

/// <summary>Walks the messages of one datagram of a netlink dump (netlink(7)). Allocates nothing.</summary>
/// <param name="datagram">As it was received.</param>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    /// <summary>NLM_F_REQUEST | NLM_F_ROOT | NLM_F_MATCH: the flags that ask for a dump.</summary>
    public const ushort RequestDump = 0x301;

    /// <summary>struct nlmsghdr: length (4 bytes), type (2), flags (2), sequence (4), port (4).</summary>
    public const int HeaderBytes = 16;

    private const ushort NlmsgError = 2;
    private const ushort NlmsgDone = 3;

    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>The message that <see cref="MoveNext"/> has come to, without its header.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>The dump ends with this datagram.</summary>
    public bool IsDone { get; private set; }

    /// <summary>0, or the negated errno that the datagram carries.</summary>
    public int Error { get; private set; }

    /// <summary>Goes to the next message that is neither an error nor the end; false when there is none.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderBytes || IsDone || Error < 0)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[4..]);
        if (length < HeaderBytes || length > _rest.Length)
        {
            Error = -Errno.EINVAL;
            return false;
        }

        Body = _rest[HeaderBytes..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        IsDone = type == NlmsgDone;
        if (type == NlmsgError)
        {
            Error = Body.Length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(Body) is < 0 and var error ? error : -Errno.EINVAL;
        }

        return !IsDone && Error == 0;
    }
}
