using System.Diagnostics;
using HostAgent.TestSupport.Faults;
using HostAgent.TestSupport.Processes;

namespace HostAgent.TestSupport.Components;

/// <summary>A Docker daemon in namespaces of its own, with one image made of a static busybox: <c>box:1</c>. It ends with the test program, however that ends.</summary>
public sealed class RealDocker : IAsyncDisposable
{
    private const string Client = "/usr/bin/docker";
    private const string Busybox = "/bin/busybox";

    private static int _count;

    private readonly TempDirectory _work = new("docker");
    private readonly ChildProcess _unshare;

    private RealDocker()
    {
        string name = $"hostagent-docker-{Environment.ProcessId}x{Interlocked.Increment(ref _count)}";
        _unshare = ChildProcess.Start("dockerd", ["/bin/bash", Path.Combine(AppContext.BaseDirectory, "Components", "docker.sh"), _work.FullPath, name], _work.File("log"));
    }

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Unavailable
        => !File.Exists("/usr/sbin/dockerd") || !File.Exists(Client) ? "needs dockerd (Debian package docker.io)"
            : !File.Exists(Busybox) ? "needs a static busybox (Debian package busybox-static)"
            : !PrivateMounts.Possible ? "needs root and the right to make namespaces" : null;

    /// <summary>A directory that stands for the host's root: it holds run/docker.sock.</summary>
    public string Root => _work.FullPath;

    /// <summary>Starts it and waits until it answers and has its image.</summary>
    public static async Task<RealDocker> StartAsync()
    {
        var docker = new RealDocker();
        try
        {
            await Eventually.TrueAsync(async () => !docker._unshare.HasExited ? (await docker.RunAsync("version")).ExitCode == 0
                : throw new TimeoutException("dockerd ended while it started"), "dockerd answers", TimeSpan.FromSeconds(40));
            await docker.MakeImageAsync();
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            string log = docker._unshare.Tail();
            await docker.DisposeAsync();
            throw new TimeoutException($"{e.Message}\n{log}", e);
        }

        return docker;
    }

    /// <summary>Runs the docker command; returns its exit code and both outputs.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] argv)
    {
        using Process process = Process.Start(new ProcessStartInfo(Client, ["-H", "unix://" + _work.File("run", "docker.sock"), .. argv])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Runs a container in the background; throws when it does not start.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="script">What /bin/sh runs in it.</param>
    /// <param name="options">More options of docker run.</param>
    public async Task StartContainerAsync(string name, string script, params string[] options)
    {
        (int code, string output) = await RunAsync(["run", "--detach", "--network", "none", "--name", name, .. options, "box:1", "/bin/sh", "-c", script]);
        if (code != 0)
        {
            throw new InvalidOperationException($"docker run {name}: {output}");
        }
    }

    /// <summary>One value of a container, as docker inspect formats it.</summary>
    public async Task<string> InspectAsync(string name, string format) => (await RunAsync("inspect", "--format", format, name)).Output.Trim();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _unshare.DisposeAsync();
        _work.Dispose();
    }

    private async Task MakeImageAsync()
    {
        string bin = _work.Folder("image", "bin");
        _work.Folder("image", "tmp");
        File.Copy(Busybox, Path.Combine(bin, "busybox"));
        foreach (string applet in new[] { "sh", "sleep", "echo", "cat", "true", "false", "test", "touch", "rm" })
        {
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");
        }

        string tar = _work.File("image.tar");
        await Process.Start("tar", ["-C", _work.File("image"), "-cf", tar, "."]).WaitForExitAsync();
        (int code, string output) = await RunAsync("import", tar, "box:1");
        if (code != 0)
        {
            throw new InvalidOperationException("docker import: " + output);
        }
    }
}
