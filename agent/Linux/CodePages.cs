using System.Buffers.Text;

namespace HostAgent.Agent.Linux;

/// <summary>The pages of this program's own code that are mapped into it.</summary>
internal static class CodePages
{
    /// <summary>Unmaps them all; those that are used come back from the page cache, a dozen per fault. Returns the bytes covered.</summary>
    /// <remarks>Lines of proc_pid_maps(5): <c>start-end perms offset dev inode path</c>. Executable private mappings of a file are never
    /// modified here (no text relocations, no debugger's breakpoints to lose), so nothing is lost.</remarks>
    public static long GiveBack(LinuxRoots roots)
    {
        using var maps = new KernelFile($"{roots.Proc}/self/maps") { HasLongRecords = true };
        var buffer = Array.Empty<byte>();
        var length = maps.Read(ref buffer);
        long total = 0;
        ReadOnlySpan<byte> text = buffer.AsSpan(0, Math.Max(0, length));
        while (KernelText.TakeLine(ref text, out var line))
        {
            if (TryCode(line, out var start, out var end) && MadviseCall.DontNeed(start, end - start) == 0)
            {
                total += end - start;
            }
        }

        return total;
    }

    /// <summary>Whether a line is executable code out of a file, and where it is mapped.</summary>
    internal static bool TryCode(ReadOnlySpan<byte> line, out nint start, out nint end)
    {
        (start, end) = (0, 0);
        if (!Utf8Parser.TryParse(line, out long first, out var used, 'x') || line.Length <= used || line[used] != '-'
            || !Utf8Parser.TryParse(line[(used + 1)..], out long last, out var more, 'x') || last <= first)
        {
            return false;
        }

        var rest = line[(used + 1 + more)..];
        (start, end) = ((nint)first, (nint)last);
        return rest.StartsWith(" r-xp "u8) && rest.IndexOf((byte)'/') >= 0;
    }
}
