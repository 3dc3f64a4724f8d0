using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace HostAgent.Agent.Commands;

/// <summary>The only place that starts programs: an absolute path and an argument array, never a shell, an environment that holds nothing but what
/// is given, bounded output, and an end in any case: with the caller's cancellation the program and its descendants are killed. A descendant that
/// has left its parent (a daemon) is not waited for and not killed.</summary>
internal sealed class ProcessRunner
{
    /// <summary>Most bytes kept of each of the two outputs when the caller sets no limit: 1 MiB.</summary>
    public const int DefaultMaxOutputBytes = 1 << 20;

    /// <summary>How long output is still read after the program has ended: what it started may hold the pipe open for ever.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1);

    /// <summary>Runs a program to its end. Throws <see cref="IOException"/> when it cannot be started (the message names it and why).</summary>
    /// <param name="argv">Absolute path, then arguments.</param>
    /// <param name="environment">All the program sees besides PATH and LANG=C.UTF-8; null for nothing more.</param>
    /// <param name="workingDirectory">Null for /.</param>
    /// <param name="input">Written to its standard input, which is then closed; null for nothing.</param>
    /// <param name="onOutput">Called with each piece of both outputs as it comes; null when nobody watches.</param>
    /// <param name="maxOutputBytes">Most bytes kept of each output; the rest is read and thrown away.</param>
    /// <param name="cancellation">Kills it.</param>
    [SuppressMessage("Performance", "CA1822", Justification = "Who may start programs is given a runner.")]
    public async Task<ProcessResult> RunAsync(
        IReadOnlyList<string> argv,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        ReadOnlyMemory<byte> input = default,
        Action<ReadOnlyMemory<byte>>? onOutput = null,
        int maxOutputBytes = DefaultMaxOutputBytes,
        CancellationToken cancellation = default)
    {
        if (argv.Count == 0 || !Path.IsPathRooted(argv[0]))
        {
            throw new ArgumentException("the program must be an absolute path", nameof(argv));
        }

        using var process = new Process { StartInfo = StartInfo(argv, environment, workingDirectory) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new IOException($"{argv[0]} cannot be started: {e.Message}", e);
        }

        try
        {
            using var kill = cancellation.Register(static p => Kill((Process)p!), process);
            var output = new KeptOutput(maxOutputBytes, onOutput);
            var error = new KeptOutput(maxOutputBytes, onOutput);
            Task drained = Task.WhenAll(output.ReadAsync(process.StandardOutput.BaseStream), error.ReadAsync(process.StandardError.BaseStream));
            Task written = WriteAsync(process.StandardInput.BaseStream, input);
            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAll(drained, written).WaitAsync(DrainPatience, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            return new ProcessResult(process.ExitCode, output.Text, error.Text, output.IsCut || error.IsCut);
        }
        finally
        {
            Kill(process);
        }
    }

    private static ProcessStartInfo StartInfo(IReadOnlyList<string> argv, IReadOnlyDictionary<string, string>? environment, string? workingDirectory)
    {
        var start = new ProcessStartInfo(argv[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        for (int i = 1; i < argv.Count; i++)
        {
            start.ArgumentList.Add(argv[i]);
        }

        return start;
    }

    private static async Task WriteAsync(Stream standardInput, ReadOnlyMemory<byte> input)
    {
        try
        {
            await standardInput.WriteAsync(input);
            standardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program ended, or closed its input, without reading all of it: its exit code says whether that was well.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself meanwhile.
        }
    }
}
