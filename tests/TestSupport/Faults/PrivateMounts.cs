using System.Diagnostics;
using HostAgent.TestSupport.Processes;

namespace HostAgent.TestSupport.Faults;

/// <summary>Runs the test program in a mount namespace of its own, so that the small disks it makes are seen by nobody else and vanish
/// with it.</summary>
public static class PrivateMounts
{
    private const string Marker = "HOSTAGENT_TEST_PRIVATE_MOUNTS";

    /// <summary>Whether this process already runs in its own mount namespace.</summary>
    public static bool Active => Environment.GetEnvironmentVariable(Marker) == "1";

    /// <summary>Whether mounting is possible at all: root, and unshare(2) not forbidden by the container.</summary>
    public static bool Possible
    {
        get
        {
            if (NativeMethods.EffectiveUser() != 0)
            {
                return false;
            }

            using Process probe = Process.Start(new ProcessStartInfo("/bin/sh")
            {
                ArgumentList = { "-c", "exec unshare --mount mount -t tmpfs none /mnt >/dev/null 2>&1" },
            })!;
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
    }

    /// <summary>Starts this program again with the same arguments inside a new mount namespace and returns its exit code. It dies with
    /// this process.</summary>
    public static int RunInside(string[] args)
    {
        var start = new ProcessStartInfo("unshare") { ArgumentList = { "--mount", "--propagation", "private", "setpriv", "--pdeathsig", "KILL" } };
        start.ArgumentList.Add(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (string argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[Marker] = "1";
        using Process inner = Process.Start(start)!;
        inner.WaitForExit();
        return inner.ExitCode;
    }
}
