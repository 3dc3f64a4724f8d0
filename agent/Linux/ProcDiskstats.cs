namespace HostAgent.Agent.Linux;

/// <summary>One line of /proc/diskstats.</summary>
/// <remarks>
/// Documentation/admin-guide/iostats.rst: <c>major minor name</c>, then reads completed, reads merged, sectors read, ms reading, writes completed, writes
/// merged, sectors written, ms writing, I/Os in progress, ms doing I/O, weighted ms doing I/O; since 4.18 discards completed, discards
/// merged, sectors discarded, ms discarding; since 5.5 flushes completed, ms flushing. A sector is 512 bytes.
/// </remarks>
internal static class ProcDiskstats
{
    /// <summary>Numbers after the name on a kernel of today.</summary>
    public const int Columns = 17;

    /// <summary>Numbers after the name on the oldest kernel that is read.</summary>
    public const int LeastColumns = 11;

    /// <summary>Takes the device's name off the front of a line, which then holds the numbers; false when it is malformed.</summary>
    public static bool TryTakeName(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name)
    {
        name = default;
        return KernelText.TakeNumber(ref line, out _) && KernelText.TakeNumber(ref line, out _) && KernelText.TakeWord(ref line, out name);
    }

    /// <summary>Reads the numbers. Returns how many there are (more than <see cref="Columns"/> are left out), or -1 when they are too few.</summary>
    public static int Parse(ReadOnlySpan<byte> line, Span<long> numbers)
    {
        int count = KernelText.TakeNumbers(ref line, numbers[..Columns]);
        return count >= LeastColumns ? count : -1;
    }
}
