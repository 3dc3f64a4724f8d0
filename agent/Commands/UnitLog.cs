using HostAgent.Agent.Systemd;

namespace HostAgent.Agent.Commands;

/// <summary>The last lines that a unit wrote, secrets taken out.</summary>
internal static class UnitLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The lines, or a sentence that says why there are none. Never throws but for cancellation.</summary>
    public static async Task<string> LastLinesAsync(HandlerSetup setup, string? unit, int lines, CancellationToken cancellation, params string[] more)
    {
        if (UnitJournal.Command(setup.Roots.Tree, unit, lines, more) is not { } command)
        {
            return "(journalctl is not installed)";
        }

        using var limit = new CancellationTokenSource(Patience, setup.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            ProcessResult result = await setup.Runner.RunAsync(command, maxOutputBytes: 256 * 1024, cancellation: both.Token);
            string text = Redaction.Clean(result.Output).TrimEnd();
            return text.Length > 0 ? text : result.ExitCode == 0 ? "(the journal has no lines)" : $"(journalctl: {result.Error.Trim()})";
        }
        catch (IOException e)
        {
            return $"({e.Message})";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"(journalctl did not end within {Patience.TotalSeconds:0} s)";
        }
    }
}
