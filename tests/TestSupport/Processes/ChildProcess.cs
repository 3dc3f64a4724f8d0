using System.Diagnostics;

namespace HostAgent.TestSupport.Processes;

/// <summary>A program under test: started with its output in a file, signalled by pid, and gone for certain when this is disposed or
/// when the test program dies.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(string name, string logPath, Process process)
    {
        Name = name;
        LogPath = logPath;
        _process = process;
    }

    /// <summary>What the test calls it.</summary>
    public string Name { get; }

    /// <summary>The file that holds its standard output and standard error.</summary>
    public string LogPath { get; }

    /// <summary>Its process id; valid until the exit was waited for.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Exit code; 128 + number when a signal ended it. Only after it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Everything it has written so far.</summary>
    public string Output => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    /// <summary>Starts <paramref name="argv"/>; its output is appended to <paramref name="logPath"/>.</summary>
    public static ChildProcess Start(
        string name, IReadOnlyList<string> argv, string logPath, IReadOnlyDictionary<string, string>? environment = null)
        => new(name, logPath, GuardedStarter.Start(argv, logPath, environment));

    /// <summary>Sends <paramref name="signal"/>; does nothing when the process has already ended.</summary>
    public void Send(UnixSignal signal)
    {
        if (!_process.HasExited)
        {
            _ = NativeMethods.SendSignal(_process.Id, (int)signal);
        }
    }

    /// <summary>Waits for its end and returns the exit code; <see cref="TimeoutException"/> with the end of its output otherwise.</summary>
    public async Task<int> WaitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} (pid {Id}) still runs after {limit.TotalSeconds:0.#} s. Its last output:\n{Tail()}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGTERM, then waits. Returns exit code and how long it took; <see cref="TimeoutException"/> when it does not end.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync(TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        Send(UnixSignal.Terminate);
        int code = await WaitAsync(limit);
        return (code, watch.Elapsed);
    }

    /// <summary>SIGKILL, then waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        Send(UnixSignal.Kill);
        await WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Resident memory in bytes now, from /proc/PID/statm; 0 when it has ended.</summary>
    public long ResidentBytes()
    {
        try
        {
            string[] fields = File.ReadAllText($"/proc/{Id}/statm").Split(' ');
            return long.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The last <paramref name="lines"/> lines of its output.</summary>
    public string Tail(int lines = 20) => string.Join('\n', Output.TrimEnd().Split('\n').TakeLast(lines));

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
