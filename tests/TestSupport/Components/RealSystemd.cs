using System.Diagnostics;
using System.Globalization;
using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;

namespace HostAgent.TestSupport.Components;

/// <summary>A systemd that runs as process 1 of namespaces of its own: real units, real jobs, a real journal, nothing of this machine's.
/// It ends with the test program, however that ends.</summary>
public sealed class RealSystemd : IAsyncDisposable
{
    private static int _count;

    private readonly TempDirectory _work = new("systemd");
    private readonly ChildProcess _unshare;

    private RealSystemd()
    {
        string name = $"hostagent-systemd-{Environment.ProcessId}x{Interlocked.Increment(ref _count)}";
        _work.Folder("share");
        string script = Path.Combine(AppContext.BaseDirectory, "Components", "systemd.sh");
        _unshare = ChildProcess.Start("systemd", ["/bin/bash", script, _work.FullPath, name], _work.File("log"));
    }

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Unavailable
        => !File.Exists("/lib/systemd/systemd") ? "needs systemd (Debian package systemd)"
            : !File.Exists("/usr/bin/dbus-daemon") ? "needs dbus-daemon (Debian package dbus)"
            : !PrivateMounts.Possible ? "needs root and the right to make namespaces" : null;

    /// <summary>Process 1 as this machine counts.</summary>
    public int Pid { get; private set; }

    /// <summary>Its whole file system, as seen from here.</summary>
    public string Root => $"/proc/{Pid}/root";

    /// <summary>A directory of this machine that it sees as /share.</summary>
    public string Share => _work.File("share");

    /// <summary>Starts it and waits until it has booted.</summary>
    public static async Task<RealSystemd> StartAsync()
    {
        var systemd = new RealSystemd();
        try
        {
            await Eventually.TrueAsync(systemd.HasBooted, "systemd has booted", TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException e)
        {
            string log = systemd._unshare.Output;
            await systemd.DisposeAsync();
            throw new TimeoutException($"{e.Message}\n{log}", e);
        }

        return systemd;
    }

    /// <summary>Runs a program inside; returns exit code and both outputs.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] argv)
    {
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/nsenter", [.. Entry(), .. argv])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output + await error);
    }

    /// <summary>nsenter(1)'s arguments that lead inside; a program and its arguments follow.</summary>
    public string[] Entry() =>
    [
        "-t", Pid.ToString(CultureInfo.InvariantCulture), "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--net", "--root", "--wd",
        "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    ];

    /// <summary>Writes unit files and lets systemd read them.</summary>
    public async Task InstallAsync(params (string Name, string Content)[] units)
    {
        foreach ((string name, string content) in units)
        {
            await File.WriteAllTextAsync($"{Root}/etc/systemd/system/{name}", content);
        }

        (int code, string output) = await RunAsync("systemctl", "daemon-reload");
        if (code != 0)
        {
            throw new InvalidOperationException("daemon-reload: " + output);
        }
    }

    /// <summary>One property of a unit, as systemctl shows it.</summary>
    public async Task<string> ShowAsync(string unit, string property)
        => (await RunAsync("systemctl", "show", unit, "--value", "--property", property)).Output.Trim();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _unshare.DisposeAsync();
        _work.Dispose();
    }

    private async Task<bool> HasBooted()
    {
        if (_unshare.HasExited)
        {
            throw new TimeoutException("systemd ended while it booted");
        }

        if (Pid == 0 && !FindChild())
        {
            return false;
        }

        return File.Exists($"{Root}/run/systemd/private") && File.ReadAllText($"/proc/{Pid}/comm") == "systemd\n"
            && (await RunAsync("systemctl", "is-system-running")).Output.Trim() is "running" or "degraded";
    }

    private bool FindChild()
    {
        using Process find = Process.Start(new ProcessStartInfo("pgrep", ["-P", _unshare.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        string found = find.StandardOutput.ReadToEnd().Trim();
        if (int.TryParse(found, CultureInfo.InvariantCulture, out int pid) && File.Exists($"/proc/{pid}/comm") && File.ReadAllText($"/proc/{pid}/comm") == "systemd\n")
        {
            Pid = pid;
        }

        return Pid != 0;
    }
}
