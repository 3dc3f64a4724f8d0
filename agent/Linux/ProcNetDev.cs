namespace HostAgent.Agent.Linux;

/// <summary>One line of /proc/net/dev after the two of the heading.</summary>
/// <remarks>
/// proc_pid_net(5): <c>eth0:</c>, then received bytes packets errs drop fifo frame compressed multicast, then sent bytes packets errs drop fifo
/// colls carrier compressed. On old kernels the first number follows the colon without a space.
/// </remarks>
internal static class ProcNetDev
{
    /// <summary>Lines of the heading.</summary>
    public const int HeadingLines = 2;

    /// <summary>Numbers after the name.</summary>
    public const int Columns = 16;

    /// <summary>Reads one line into <paramref name="numbers"/>; false when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, Span<long> numbers)
    {
        // An interface's name has no colon; an alias (eth0:1) is not listed here.
        int colon = line.IndexOf((byte)':');
        name = colon > 0 ? line[..colon].TrimStart((byte)' ') : default;
        if (name.IsEmpty)
        {
            return false;
        }

        line = line[(colon + 1)..];
        return KernelText.TakeNumbers(ref line, numbers[..Columns]) == Columns;
    }
}
