namespace HostAgent.Agent.Linux;

/// <summary>/proc/PID/io.</summary>
/// <remarks>proc_pid_io(5): lines <c>rchar: N</c>, <c>wchar</c>, <c>syscr</c>, <c>syscw</c>, <c>read_bytes</c>, <c>write_bytes</c>,
/// <c>cancelled_write_bytes</c>. Only the owner's and root's eyes may see it.</remarks>
internal static class ProcPidIo
{
    /// <summary>Bytes that the process made storage read and write; false when the text does not hold both.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long readBytes, out long writtenBytes)
    {
        (readBytes, writtenBytes) = (-1, -1);
        if (!KernelText.IsWhole(text))
        {
            return false;
        }

        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("read_bytes: "u8))
            {
                line = line["read_bytes: ".Length..];
                readBytes = KernelText.TakeNumber(ref line, out long number) ? number : -1;
            }
            else if (line.StartsWith("write_bytes: "u8))
            {
                line = line["write_bytes: ".Length..];
                writtenBytes = KernelText.TakeNumber(ref line, out long number) ? number : -1;
            }
        }

        return readBytes >= 0 && writtenBytes >= 0;
    }
}
