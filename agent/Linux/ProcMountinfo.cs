using System.Text;

namespace HostAgent.Agent.Linux;

/// <summary>The content of /proc/self/mountinfo.</summary>
/// <remarks>
/// proc_pid_mountinfo(5): <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw</c>: id, parent, major:minor, root, mount point,
/// options, optional fields, a hyphen, type, source, superblock options. Blanks and backslashes in names are octal: <c>\040</c>.
/// </remarks>
internal static class ProcMountinfo
{
    /// <summary>Reads the text into <paramref name="mounts"/>, in the order in which they were mounted. Returns null, or what is wrong with it.</summary>
    public static string? Parse(ReadOnlySpan<byte> text, List<Mount> mounts)
    {
        mounts.Clear();
        if (!KernelText.IsWhole(text))
        {
            return "cut off";
        }

        while (KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line))
        {
            if (Line(line) is not { } mount)
            {
                return "a line lacks fields";
            }

            mounts.Add(mount);
        }

        return null;
    }

    private static Mount? Line(ReadOnlySpan<byte> line)
    {
        if (!KernelText.TakeNumber(ref line, out _) || !KernelText.TakeNumber(ref line, out _)
            || !KernelText.TakeWord(ref line, out ReadOnlySpan<byte> device) || !KernelText.TakeWord(ref line, out ReadOnlySpan<byte> root)
            || !KernelText.TakeWord(ref line, out ReadOnlySpan<byte> point) || !KernelText.TakeWord(ref line, out _))
        {
            return null;
        }

        ReadOnlySpan<byte> word;
        do
        {
            if (!KernelText.TakeWord(ref line, out word))
            {
                return null;
            }
        }
        while (!word.SequenceEqual("-"u8));

        if (!KernelText.TakeWord(ref line, out ReadOnlySpan<byte> type))
        {
            return null;
        }

        // The source may be empty (two blanks): then the next word is the superblock's options.
        bool hasSource = line.Length > 1 && line[1] != (byte)' ' && KernelText.TakeWord(ref line, out word);
        byte[] pointBytes = Unescape(point);
        return new Mount(
            Encoding.ASCII.GetString(device), Encoding.UTF8.GetString(Unescape(root)), Encoding.UTF8.GetString(pointBytes), pointBytes,
            Encoding.ASCII.GetString(type), hasSource ? Encoding.UTF8.GetString(Unescape(word)) : "");
    }

    private static byte[] Unescape(ReadOnlySpan<byte> name)
    {
        byte[] plain = new byte[name.Length];
        int length = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == (byte)'\\' && i + 3 < name.Length && IsOctal(name[i + 1]) && IsOctal(name[i + 2]) && IsOctal(name[i + 3]))
            {
                plain[length++] = (byte)(((name[i + 1] - '0') << 6) | ((name[i + 2] - '0') << 3) | (name[i + 3] - '0'));
                i += 3;
            }
            else
            {
                plain[length++] = name[i];
            }
        }

        return plain[..length];
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
