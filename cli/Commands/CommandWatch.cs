using HostAgent.Cli.Api;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary>Follows a command until nothing more is expected, and says what happens.</summary>
internal sealed class CommandWatch(AggregatorClient client, Terminal terminal, TimeProvider time)
{
    // An aggregator that is being restarted comes back; the command goes on meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private const int ShowEveryStepUpTo = 20;

    private readonly Dictionary<string, (string State, string Message, uint Percent)> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _outputShown = new(StringComparer.Ordinal);

    /// <summary>Follows it to the end. Progress goes to standard error, so that <c>--json</c> stays pure.</summary>
    /// <param name="id">Command id.</param>
    /// <param name="hosts">Number of hosts: with many, only what went wrong is shown.</param>
    /// <param name="quiet">Say nothing.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public async Task<CommandView> FollowAsync(string id, int hosts, bool quiet, CancellationToken cancellationToken)
    {
        long lastHeard = time.GetTimestamp();
        while (true)
        {
            try
            {
                var outputSeen = new Dictionary<string, int>(StringComparer.Ordinal);
                await foreach ((string name, byte[] data) in client.EventsAsync($"v1/commands/{id}/events", cancellationToken))
                {
                    lastHeard = time.GetTimestamp();
                    if (!quiet)
                    {
                        Show(name, data, hosts <= ShowEveryStepUpTo, outputSeen);
                    }
                }

                CommandView now = await client.GetAsync($"v1/commands/{id}", ClientJson.Default.CommandView, cancellationToken);
                if (now.Settled)
                {
                    return now;
                }
            }
            catch (CliException e) when (e.ExitCode == ExitCodes.Unreachable && time.GetElapsedTime(lastHeard) < Patience)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }
        }
    }

    /// <summary>The exit code that a command's end means.</summary>
    public static int ExitCodeOf(CommandView command)
        => command.Counts.Keys.All(static state => state == "succeeded") ? ExitCodes.Ok
            : command.Counts.Keys.Any(static state => state is "failed" or "timed_out") ? ExitCodes.Negative
            : ExitCodes.NotDone;

    private void Show(string name, byte[] data, bool everyStep, Dictionary<string, int> outputSeen)
    {
        if (name == "output" && everyStep)
        {
            OutputPiece piece = client.Understand(data, ClientJson.Default.OutputPiece);
            // After a lost connection the stream begins anew: what was shown is not shown again.
            int before = outputSeen.GetValueOrDefault(piece.Id);
            int shown = _outputShown.GetValueOrDefault(piece.Id);
            outputSeen[piece.Id] = before + piece.Text.Length;
            if (before + piece.Text.Length > shown)
            {
                _outputShown[piece.Id] = before + piece.Text.Length;
                Lines(piece.Name, piece.Text[Math.Max(0, shown - before)..]);
            }
        }
        else if (name == "host")
        {
            HostRunView run = client.Understand(data, ClientJson.Default.HostRunView);
            (string, string, uint) now = (run.Overdue ? "overdue" : run.State, run.Message, run.Percent);
            if ((everyStep || (run.Final && run.State != "succeeded") || run.Overdue) && (!_shown.TryGetValue(run.Id, out var last) || last != now))
            {
                _shown[run.Id] = now;
                terminal.Error.WriteLine(Line(run));
            }
        }
    }

    private string Line(HostRunView run)
    {
        string state = run.Overdue ? "overdue" : run.State;
        string percent = run is { Final: false, Percent: > 0 } ? FormattableString.Invariant($" {run.Percent} %") : "";
        return $"{Table.Clean(run.Name)}  {terminal.Paint(Style.OfRun(state), state)}{percent}{(run.Message.Length > 0 ? "  " + Table.Clean(run.Message) : "")}";
    }

    private void Lines(string host, string text)
    {
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            terminal.Error.WriteLine($"{Table.Clean(host)} | {Table.Clean(line.TrimEnd('\r').Replace('\t', ' '))}");
        }
    }
}
