using System.CommandLine;
using System.Text;
using System.Text.Json;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;
using HostAgent.Cli.Top;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl top</c>: the hosts, live.</summary>
internal static class TopCommand
{
    private const string EnterScreen = "\e[?1049h\e[?25l"; // alternate buffer, no cursor
    private const string LeaveScreen = "\e[?25h\e[?1049l";

    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal, TimeProvider time)
    {
        var once = new Option<bool>("--once") { Description = "Print one view and exit; also when the output is no terminal" };
        var sort = new Option<string>("--sort") { HelpName = "name|cpu|memory|disk|load", Description = "Order of the hosts", DefaultValueFactory = _ => "name" };
        sort.AcceptOnlyFromAmong("name", "cpu", "memory", "disk", "load");
        var command = new ManualCommand("top", "Show every host's CPU, memory, disks, load and network, anew each second, until Ctrl-C.")
        {
            Notes = """
                CPU, I/O and network are rates over the last 5 seconds. Disk is the fullest file system, counted as df does.
                A dash is a value that is not known. With --json: one view as JSON; ratios are 0 to 1, the rest is in base units.
                """,
            Examples = """
                hostctl top
                hostctl top --once --sort disk
                hostctl top --json | jq '.hosts[] | {name, cpuRatio}'
                """,
        };
        command.Add(once);
        command.Add(sort);
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            var reader = new OverviewReader(client);
            string order = parsed.GetRequiredValue(sort);
            if (parsed.GetValue(connection.Json))
            {
                Overview overview = Sorted(await reader.ReadAsync(cancellationToken), order);
                terminal.WriteJson(JsonSerializer.SerializeToUtf8Bytes(overview, ClientJson.Default.Overview));
            }
            else if (parsed.GetValue(once) || terminal.OutputRedirected)
            {
                TopScreen.Lines(Sorted(await reader.ReadAsync(cancellationToken), order), terminal).ForEach(terminal.Out.WriteLine);
            }
            else
            {
                await LiveAsync(reader, order, terminal, time, cancellationToken);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task LiveAsync(OverviewReader reader, string order, Terminal terminal, TimeProvider time, CancellationToken cancellationToken)
    {
        // The first view before the screen is taken: an aggregator that is not there is an error message, not an empty screen.
        List<string> lines = TopScreen.Lines(Sorted(await reader.ReadAsync(cancellationToken), order), terminal);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        await terminal.Out.WriteAsync(EnterScreen);
        try
        {
            do
            {
                await terminal.Out.WriteAsync(Frame(lines, terminal));
                await timer.WaitForNextTickAsync(cancellationToken);
                lines = await ReadLinesAsync(reader, order, terminal, lines, cancellationToken);
            }
            while (true);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how one leaves.
        }
        finally
        {
            await terminal.Out.WriteAsync(LeaveScreen);
        }
    }

    private static async Task<List<string>> ReadLinesAsync(
        OverviewReader reader, string order, Terminal terminal, List<string> before, CancellationToken cancellationToken)
    {
        try
        {
            return TopScreen.Lines(Sorted(await reader.ReadAsync(cancellationToken), order), terminal);
        }
        catch (CliException e)
        {
            // It may come back; what was seen last stays in sight, under a line that says so.
            List<string> old = before.Count > 0 && before[0].StartsWith(terminal.Paint(Style.Bad, "old: "), StringComparison.Ordinal) ? before[1..] : before;
            return [terminal.Paint(Style.Bad, "old: ") + e.Message.Split('\n')[0], .. old];
        }
    }

    // Drawn over the last frame, so that nothing flickers: home, each line to its end, the rest of the screen.
    private static string Frame(List<string> lines, Terminal terminal)
    {
        int room = terminal.Size().Lines - 1;
        var frame = new StringBuilder("\e[H");
        foreach (string line in lines.Count > room ? [.. lines.Take(room - 1), $"... {lines.Count - room + 1} more lines; a larger window shows them"] : lines)
        {
            frame.Append(line).Append("\e[K\n");
        }

        return frame.Append("\e[J").ToString();
    }

    private static Overview Sorted(Overview overview, string order) => overview with
    {
        Hosts = order switch
        {
            "cpu" => [.. overview.Hosts.OrderByDescending(host => host.CpuRatio ?? -1)],
            "memory" => [.. overview.Hosts.OrderByDescending(host => host.MemoryRatio ?? -1)],
            "disk" => [.. overview.Hosts.OrderByDescending(host => host.FullestRatio ?? -1)],
            "load" => [.. overview.Hosts.OrderByDescending(host => host.Load1 ?? -1)],
            _ => overview.Hosts,
        },
    };
}
