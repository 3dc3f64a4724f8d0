namespace HostAgent.Agent.Linux;

/// <summary>A socket that waits for whoever comes: a TCP socket in LISTEN, or a UDP socket that is bound and connected to nobody.</summary>
/// <param name="IsUdp">UDP; else TCP.</param>
/// <param name="IsV6">An IPv6 socket; else IPv4.</param>
/// <param name="IsV6Only">An IPv6 socket that takes no IPv4.</param>
/// <param name="Port">The local port.</param>
/// <param name="Address">The local address, its bytes as one big-endian number; IPv4 in the lowest 32 bits.</param>
/// <param name="Inode">Number of the socket, as in the target of /proc/PID/fd/N; 0: it has none.</param>
internal readonly record struct ListeningSocket(bool IsUdp, bool IsV6, bool IsV6Only, ushort Port, UInt128 Address, uint Inode)
    : IComparable<ListeningSocket>
{
    private const ulong MappedPrefix = 0xFFFF;

    /// <summary>Bound to every address of the host.</summary>
    public bool IsAll => Address == 0;

    /// <summary>Only this host can reach it: 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104.</summary>
    public bool IsLoopback => IsV6 && !IsMapped ? Address == 1 : (uint)Address >> 24 == 127;

    /// <summary>Takes connections over IPv4.</summary>
    public bool TakesV4 => !IsV6 || IsMapped || (IsAll && !IsV6Only);

    /// <summary>Takes connections over IPv6.</summary>
    public bool TakesV6 => IsV6 && !IsMapped;

    private bool IsMapped => IsV6 && (ulong)(Address >> 32) == MappedPrefix && Address >> 96 == 0;

    /// <inheritdoc/>
    public int CompareTo(ListeningSocket other)
    {
        int order = Port.CompareTo(other.Port);
        order = order != 0 ? order : IsUdp.CompareTo(other.IsUdp);
        order = order != 0 ? order : IsV6.CompareTo(other.IsV6);
        order = order != 0 ? order : Address.CompareTo(other.Address);
        return order != 0 ? order : Inode.CompareTo(other.Inode);
    }

    /// <summary>The local address for people.</summary>
    public string AddressText()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return new System.Net.IPAddress(IsV6 && !IsMapped ? bytes : bytes[12..]).ToString();
    }
}
