using System.CommandLine;
using System.Globalization;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl query</c>: values, the newest or those of an interval.</summary>
internal static class QueryCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var selector = new Argument<string>("SELECTOR") { Description = "Metric and conditions in the syntax of Prometheus" };
        var range = new Option<string?>("--range") { HelpName = "DURATION", Description = "The points of this time before now, instead of the newest ones" };
        var from = new Option<string?>("--from") { HelpName = "TIME", Description = "Begin of a range: RFC 3339, unix seconds, or a duration before now (-1h)" };
        var to = new Option<string?>("--to") { HelpName = "TIME", Description = "End of a range. Default: now" };
        var step = new Option<string?>("--step") { HelpName = "DURATION", Description = "One point per step. Default: samples as they were stored" };
        var aggregation = new Option<string?>("--agg")
        {
            HelpName = "avg|min|max|sum|count|last|rate",
            Description = "How the samples of a step become one point. Default: avg",
        };
        aggregation.AcceptOnlyFromAmong("avg", "min", "max", "sum", "count", "last", "rate");
        var command = new ManualCommand("query", "Print the newest sample of each series, or the points of a range.")
        {
            Notes = """
                The point at time t stands for the samples in (t - step, t]; a step without samples has no point.
                rate is the increase of a counter per second; a counter that began again at 0 is understood as such.
                """,
            ExitCodes = "0   at least one value\n1   none",
            Examples = """
                hostctl query host_load1
                hostctl query '{host="web1",__name__=~"host_memory_.*"}'
                hostctl query host_network_receive_bytes_total --range 10m --step 30s --agg rate
                hostctl query 'host_filesystem_avail_bytes{mountpoint="/"}' --range 7d --step 1h --agg min --json
                """,
        };
        command.Add(selector);
        command.Add(range);
        command.Add(from);
        command.Add(to);
        command.Add(step);
        command.Add(aggregation);
        command.Add(connection.Json);
        command.Validators.Add(result =>
        {
            string? begin = result.GetValue(range) ?? result.GetValue(from);
            if (result.GetValue(range) is not null && (result.GetValue(from) ?? result.GetValue(to)) is not null)
            {
                result.AddError("--range is the time before now: give either it, or --from and --to");
            }
            else if (begin is null && (result.GetValue(step) ?? result.GetValue(to) ?? result.GetValue(aggregation)) is not null)
            {
                result.AddError("--to, --step and --agg describe a range: say where it begins with --range DURATION or --from TIME");
            }
            else if (result.GetValue(aggregation) is not null && result.GetValue(step) is null)
            {
                result.AddError("--agg folds the samples of a step into one point: say how long a step is with --step DURATION");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            string text = parsed.GetRequiredValue(selector);
            string match = "match=" + Uri.EscapeDataString(text);
            bool json = parsed.GetValue(connection.Json);
            string? begin = parsed.GetValue(from) ?? (parsed.GetValue(range) is { } length ? "-" + length : null);
            if (begin is null)
            {
                byte[] newest = await client.GetAsync("v1/latest?" + match, cancellationToken);
                LatestList latest = client.Understand(newest, ClientJson.Default.LatestList);
                Write(json, newest, terminal, latest.Samples.Count == 0 ? null : Newest(latest));
                return Nothing.ExitCodeOf(latest.Samples.Count, text, terminal);
            }

            string path = $"v1/range?{match}{Parameter("from", begin)}{Parameter("to", parsed.GetValue(to))}"
                + $"{Parameter("step", parsed.GetValue(step))}{Parameter("agg", parsed.GetValue(aggregation))}";
            byte[] body = await client.GetAsync(path, cancellationToken);
            RangeList points = client.Understand(body, ClientJson.Default.RangeList);
            Write(json, body, terminal, points.Series.Count == 0 ? null : Points(points));
            return Nothing.ExitCodeOf(points.Series.Count, text, terminal);
        });
        return command;
    }

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static void Write(bool json, byte[] body, Terminal terminal, Table? table)
    {
        if (json)
        {
            terminal.WriteJson(body);
        }
        else
        {
            table?.Write(terminal);
        }
    }

    private static Table Newest(LatestList latest)
    {
        bool hideInstance = SeriesText.HostNamesAreEnough(latest.Samples.Select(sample => sample.Labels));
        var table = new Table("SERIES", ">VALUE", ">AGE");
        double now = latest.Now.ToUnixTimeMilliseconds() / 1000.0;
        foreach (LatestValue sample in latest.Samples)
        {
            string age = Units.Age(TimeSpan.FromSeconds(now - sample.Time));
            bool past = sample.HostLiveness is "stale" or "down";
            table.Add(
                (SeriesText.Of(sample.Metric, sample.Labels, hideInstance), Style.Plain),
                (Units.Value(sample.Value), past ? Style.Faint : Style.Plain),
                (past ? $"{age}, host {sample.HostLiveness}" : age, past ? Style.OfState(sample.HostLiveness!) : Style.Plain));
        }

        return table;
    }

    private static Table Points(RangeList answer)
    {
        bool hideInstance = SeriesText.HostNamesAreEnough(answer.Series.Select(series => series.Labels));
        var table = new Table("SERIES", "TIME", ">VALUE");
        foreach (SeriesPoints series in answer.Series)
        {
            string name = SeriesText.Of(series.Metric, series.Labels, hideInstance);
            foreach (Point point in series.Points)
            {
                string time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(point.Seconds * 1000))
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                table.Add(name, time, Units.Value(point.Value));
            }
        }

        return table;
    }
}
