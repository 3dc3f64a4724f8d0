using System.Diagnostics;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Faults;

namespace HostAgent.Torture;

/// <summary>Proves that the small disks do what the run relies on: <c>torture self-check</c>.</summary>
internal static class SelfCheck
{
    /// <summary>Returns the exit code: 0 when the disks behave, 1 otherwise.</summary>
    public static int Run(TextWriter output)
    {
        using var directory = new TempDirectory("torture-disk");
        using var disk = SmallDisk.OfFile(directory.File("disk"), directory.File("disk.img"), megabytes: 12);
        string file = Path.Combine(disk.FullPath, "file");
        (string What, Func<bool> Holds)[] checks =
        [
            ("an empty disk takes a write", () => Writes(file)),
            ("a full disk refuses it", () =>
            {
                disk.Fill();
                return !Writes(file + "-2"); // another file: writing the first one again would free its own space
            }),
            ("a freed disk takes it again", () =>
            {
                disk.Free();
                return Writes(file);
            }),
            ("a write to a stalled disk waits", () => disk.Stall(TimeSpan.FromSeconds(1)) && WriteTook(file) > TimeSpan.FromSeconds(0.4)),
            ("and is quick afterwards", () => WriteTook(file) < TimeSpan.FromSeconds(0.4)),
        ];
        bool good = true;
        foreach ((string what, Func<bool> holds) in checks)
        {
            bool held = holds();
            good &= held;
            output.WriteLine($"{(held ? "ok    " : "FAILED")} {what}");
        }

        return good ? 0 : 1;
    }

    private static TimeSpan WriteTook(string file)
    {
        Thread.Sleep(200); // until the shell has frozen the disk: nothing to ask, a look would stall as well
        var watch = Stopwatch.StartNew();
        Writes(file);
        return watch.Elapsed;
    }

    private static bool Writes(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            stream.Write(new byte[64 * 1024]);
            stream.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
