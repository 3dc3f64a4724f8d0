using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace HostAgent.Agent.Commands;

/// <summary>The only place that starts programs: an absolute path and an argument array, never a shell, an environment that holds nothing but what
/// is given, bounded output, and an end in any case: with the caller's cancellation the program and all it started are killed.</summary>
internal sealed class ProcessRunner
{
    /// <summary>Most bytes kept of each of the two outputs when the caller sets no limit: 1 MiB.</summary>
    public const int DefaultMaxOutputBytes = 1 << 20;

    /// <summary>Runs a program to its end. Throws <see cref="IOException"/> when it cannot be started (the message names it and why).</summary>
    /// <param name="argv">Absolute path, then arguments.</param>
    /// <param name="environment">All the program sees besides PATH and LANG=C.UTF-8; null for nothing more.</param>
    /// <param name="workingDirectory">Null for /.</param>
    /// <param name="input">Written to its standard input, which is then closed; null for nothing.</param>
    /// <param name="onOutput">Called with each piece of both outputs as it comes; null when nobody watches.</param>
    /// <param name="maxOutputBytes">Most bytes kept of each output; the rest is read and thrown away.</param>
    /// <param name="cancellation">Kills it.</param>
    [SuppressMessage("Performance", "CA1822", Justification = "Handlers are given the one that may start programs.")]
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
            Task<(string Text, bool Cut)> output = ReadAsync(process.StandardOutput.BaseStream, maxOutputBytes, onOutput);
            Task<(string Text, bool Cut)> error = ReadAsync(process.StandardError.BaseStream, maxOutputBytes, onOutput);
            await WriteAsync(process.StandardInput.BaseStream, input);
            await process.WaitForExitAsync(CancellationToken.None);
            (string Text, bool Cut) kept = await output;
            (string Text, bool Cut) errors = await error;
            cancellation.ThrowIfCancellationRequested();
            return new ProcessResult(process.ExitCode, kept.Text, errors.Text, kept.Cut || errors.Cut);
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
        catch (IOException)
        {
            // The program ended, or closed its input, without reading all of it: its exit code says whether that was well.
        }
    }

    private static async Task<(string Text, bool Cut)> ReadAsync(Stream stream, int limit, Action<ReadOnlyMemory<byte>>? onOutput)
    {
        using var kept = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        bool cut = false;
        for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
        {
            onOutput?.Invoke(buffer.AsMemory(0, count).ToArray());
            int room = (int)Math.Min(count, limit - kept.Length);
            kept.Write(buffer, 0, room);
            cut |= room < count;
        }

        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), cut);
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
