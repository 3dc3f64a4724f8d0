using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HostAgent.GrpcBench;

/// <summary>One side of a contestant in a process of its own; it ends when its standard input does.</summary>
internal sealed class SideProcess : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    /// <summary>Starts <paramref name="command"/>: the program, then its arguments.</summary>
    public SideProcess(IEnumerable<string> command)
        => _process = Process.Start(new ProcessStartInfo(command.First(), command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>User and system time used so far, of all threads.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Sends a line.</summary>
    public Task TellAsync(JsonObject command)
    {
        _process.StandardInput.WriteLine(command.ToJsonString());
        return _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line.</summary>
    public async Task<JsonNode> AnswerAsync()
    {
        string? line = await _process.StandardOutput.ReadLineAsync().WaitAsync(AnswerLimit);
        return JsonNode.Parse(line ?? throw new InvalidOperationException(
            $"{_process.StartInfo.FileName} ended early: see its words above. Are its packages installed (./build.sh test does it)?"))!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
