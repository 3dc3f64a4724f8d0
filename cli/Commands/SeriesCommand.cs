using System.CommandLine;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl series</c>: what is there to ask for.</summary>
internal static class SeriesCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var selector = new Argument<string>("SELECTOR") { Description = "Metric and conditions in the syntax of Prometheus", Arity = ArgumentArity.ExactlyOne };
        var range = new Option<string>("--range") { HelpName = "DURATION", Description = "Series with samples in this time before now", DefaultValueFactory = _ => "1h" };
        var limit = new Option<int>("--limit") { HelpName = "COUNT", Description = "Most series to list", DefaultValueFactory = _ => 1000 };
        var command = new ManualCommand("series", "List the series that a selector means.")
        {
            ExitCodes = "0   at least one series\n1   none",
            Examples = """
                hostctl series '{__name__=~"host_memory_.*"}'
                hostctl series 'host_filesystem_avail_bytes{host="web1"}' --json
                hostctl series '{host="web1",device!=""}' --range 7d
                """,
        };
        command.Add(selector);
        command.Add(range);
        command.Add(limit);
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            string path = $"v1/series?match={Uri.EscapeDataString(parsed.GetRequiredValue(selector))}"
                + $"&from=-{Uri.EscapeDataString(parsed.GetRequiredValue(range))}&limit={parsed.GetValue(limit)}";
            byte[] body = await client.GetAsync(path, cancellationToken);
            SeriesList list = client.Understand(body, ClientJson.Default.SeriesList);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
            }
            else if (list.Series.Count > 0)
            {
                Write(list, terminal);
            }

            return Nothing.ExitCodeOf(list.Series.Count, parsed.GetRequiredValue(selector), terminal);
        });
        return command;
    }

    private static void Write(SeriesList list, Terminal terminal)
    {
        bool hideInstance = SeriesText.HostNamesAreEnough(list.Series.Select(series => series.Labels));
        var table = new Table("SERIES", "TYPE", "MEANING");
        foreach (SeriesDescription series in list.Series)
        {
            table.Add((SeriesText.Of(series.Metric, series.Labels, hideInstance), Style.Plain), (series.Type, Style.Plain), (series.Help, Style.Faint));
        }

        table.Write(terminal);
        if (list.Truncated)
        {
            terminal.Error.WriteLine($"There are more than these {list.Series.Count}: add conditions, or raise --limit.");
        }
    }
}
