using System.Text;
using HostAgent.Agent.Linux;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Commands;

/// <summary>The end of a log file that somebody else writes.</summary>
internal static class LogFile
{
    /// <summary>The whole lines that end the file, secrets taken out, without the last newline.</summary>
    /// <param name="roots">Where the file system is.</param>
    /// <param name="path">Absolute; no part may be a link.</param>
    /// <param name="maxBytes">How far back to read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="IOException">It cannot be read; the message names it and why.</exception>
    public static async Task<string> TailAsync(LinuxRoots roots, string path, int maxBytes, CancellationToken cancellation)
    {
        using DirectoryHandle directory = DirectoryHandle.OpenParent(roots.Tree, path, out string name);
        using SafeFileHandle file = directory.Open(name, OpenFlags.ReadOnly);
        if (StatxCall.Descriptor((int)file.DangerousGetHandle(), out FileStatus status) < 0 || !status.IsRegular)
        {
            throw new IOException($"{path} is no ordinary file");
        }

        long from = Math.Max(0, status.SizeBytes - maxBytes);
        byte[] bytes = new byte[Math.Min(status.SizeBytes, maxBytes)];
        int count = 0;
        for (int read; count < bytes.Length && (read = await RandomAccess.ReadAsync(file, bytes.AsMemory(count), from + count, cancellation)) > 0;)
        {
            count += read;
        }

        string text = Encoding.UTF8.GetString(bytes, 0, count);
        int firstWhole = from == 0 ? 0 : text.IndexOf('\n', StringComparison.Ordinal) + 1;
        return Redaction.Clean(text[firstWhole..]).TrimEnd('\n');
    }
}
