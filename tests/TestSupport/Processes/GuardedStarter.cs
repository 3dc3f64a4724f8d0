using System.Collections.Concurrent;
using System.Diagnostics;

namespace HostAgent.TestSupport.Processes;

/// <summary>Starts processes that the kernel kills when the test program dies, however it dies.</summary>
/// <remarks>PR_SET_PDEATHSIG (prctl(2)) fires when the <em>thread</em> that started the child ends, and pool threads come and go: so one
/// thread that lives as long as the program starts them all.</remarks>
internal static class GuardedStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Requests = [];

    static GuardedStarter()
    {
        var thread = new Thread(Serve) { IsBackground = true, Name = "process starter" };
        thread.Start();
    }

    /// <summary>Starts <paramref name="argv"/> with its output appended to <paramref name="logPath"/>.</summary>
    public static Process Start(IReadOnlyList<string> argv, string logPath, IReadOnlyDictionary<string, string>? environment)
    {
        // sh opens the log, setpriv (util-linux) arms the death signal; both exec, so the pid is the program's own.
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            ArgumentList = { "-c", "exec setpriv --pdeathsig KILL -- \"$@\" >>\"$0\" 2>&1 </dev/null", logPath },
        };
        foreach (string argument in argv)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add((start, started));
        return started.Task.GetAwaiter().GetResult();
    }

    private static void Serve()
    {
        foreach ((ProcessStartInfo start, TaskCompletionSource<Process> started) in Requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException("no process was started"));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}
