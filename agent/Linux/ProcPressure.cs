namespace HostAgent.Agent.Linux;

/// <summary>The totals of a pressure file: /proc/pressure/{cpu,memory,io}, or cpu.pressure and its like in a cgroup.</summary>
/// <remarks>Documentation/accounting/psi.rst: <c>some avg10=0.00 avg60=0.00 avg300=0.00 total=0</c>, then <c>full ...</c>; total
/// is the stall time in microseconds. Kernels before 5.13 have no full line for cpu.</remarks>
internal struct ProcPressure
{
    /// <summary>Microseconds during which some task waited.</summary>
    public long SomeUs;

    /// <summary>Microseconds during which all tasks waited; -1 where the kernel does not say.</summary>
    public long FullUs;

    /// <summary>Reads the text. Returns null, or what is wrong with it.</summary>
    public string? Parse(ReadOnlySpan<byte> text)
    {
        SomeUs = FullUs = -1;
        if (!KernelText.IsWhole(text))
        {
            return "cut off";
        }

        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (!KernelText.TakeWord(ref line, out ReadOnlySpan<byte> kind))
            {
                continue;
            }

            bool isSome = kind.SequenceEqual("some"u8);
            if (!isSome && !kind.SequenceEqual("full"u8))
            {
                continue;
            }

            if (!TryTotal(line, out long total))
            {
                return "no total";
            }

            if (isSome)
            {
                SomeUs = total;
            }
            else
            {
                FullUs = total;
            }
        }

        return SomeUs >= 0 ? null : "no line \"some\"";
    }

    private static bool TryTotal(ReadOnlySpan<byte> line, out long total)
    {
        total = 0;
        while (KernelText.TakeWord(ref line, out ReadOnlySpan<byte> word))
        {
            if (word.StartsWith("total="u8))
            {
                word = word["total="u8.Length..];
                return KernelText.TakeNumber(ref word, out total) && total >= 0;
            }
        }

        return false;
    }
}
