namespace HostAgent.Agent.Linux;

/// <summary>/proc/sys/net/ipv4/ip_local_port_range: the ports that the kernel gives to sockets which do not ask for one, IPv6 too.</summary>
internal static class ProcPortRange
{
    /// <summary>First and last port of the range; nothing (1, 0) when the text does not tell.</summary>
    /// <remarks>ip(7): two numbers.</remarks>
    public static (long First, long Last) Parse(ReadOnlySpan<byte> text)
    {
        bool good = KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line) & KernelText.TakeNumber(ref line, out long first) & KernelText.TakeNumber(ref line, out long last);
        return good ? (first, last) : (1, 0);
    }
}
