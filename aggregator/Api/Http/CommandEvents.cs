using System.Text;
using System.Text.Json;
using HostAgent.Aggregator.Commands;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A command's progress as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): <c>host</c> for each change
/// of a host, <c>output</c> for each new piece of output, <c>command</c> once nothing more is expected soon, which ends the stream.</summary>
internal static class CommandEvents
{
    // A quiet stream says something now and then, so that proxies keep it and a reader that has gone is noticed.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>GET /v1/commands/{commandId}/events.</summary>
    public static async Task StreamAsync(string commandId, CommandDesk desk, TimeProvider time, IHostApplicationLifetime lifetime, HttpContext http)
    {
        Command command = desk.Get(commandId);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        var outputSeen = new Dictionary<string, int>(StringComparer.Ordinal);
        long seen = -1;
        try
        {
            while (true)
            {
                (string events, long version, bool settled, Task changed) = desk.Read(command, c => (Events(c, seen, outputSeen), c.Version, c.IsSettled, c.Changed));
                seen = version;
                await http.Response.WriteAsync(events, ended.Token);
                await http.Response.Body.FlushAsync(ended.Token);
                if (settled)
                {
                    return;
                }

                await Task.WhenAny(changed, Task.Delay(KeepAlive, time, ended.Token));
                ended.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or we go.
        }
    }

    private static string Events(Command command, long seen, Dictionary<string, int> outputSeen)
    {
        var events = new StringBuilder();
        foreach (HostRun run in command.Runs.Where(run => run.ChangedAt > seen || seen < 0))
        {
            int from = outputSeen.GetValueOrDefault(run.HostId);
            if (run.OutputLength > from)
            {
                outputSeen[run.HostId] = run.OutputLength;
                var piece = new OutputEvent(run.HostId, run.Name, Encoding.UTF8.GetString(run.Output[from..]));
                Append(events, "output", JsonSerializer.Serialize(piece, ApiJson.Default.OutputEvent));
            }

            Append(events, "host", JsonSerializer.Serialize(HostRunResponse.From(run, output: false), ApiJson.Default.HostRunResponse));
        }

        if (command.IsSettled)
        {
            Append(events, "command", JsonSerializer.Serialize(CommandResponse.From(command, hosts: false, output: false), ApiJson.Default.CommandResponse));
        }

        return events.Length > 0 ? events.ToString() : ": nothing new\n\n";
    }

    private static void Append(StringBuilder events, string name, string json) => events.Append("event: ").Append(name).Append("\ndata: ").Append(json).Append("\n\n");

    /// <summary>A piece of a host's output.</summary>
    /// <param name="Id">Host id.</param>
    /// <param name="Name">Host name.</param>
    /// <param name="Text">The piece.</param>
    internal sealed record OutputEvent(string Id, string Name, string Text);
}
