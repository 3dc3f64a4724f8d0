using System.Globalization;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Top;

/// <summary>Draws an <see cref="Overview"/>: a card per host while they are few, a table when they are many.</summary>
internal static class TopScreen
{
    private const int MostCards = 3;
    private const int BarWidth = 20;

    /// <summary>The lines, none longer than it needs to be.</summary>
    public static List<string> Lines(Overview overview, Terminal terminal)
    {
        string counts = string.Join(", ", overview.Hosts.GroupBy(host => host.Liveness).OrderByDescending(group => group.Key, StringComparer.Ordinal)
            .Select(group => FormattableString.Invariant($"{group.Count()} {group.Key}")));
        string hosts = overview.Hosts.Count == 1 ? "1 host" : FormattableString.Invariant($"{overview.Hosts.Count} hosts");
        List<string> lines =
        [
            terminal.Paint(Style.Heading, "HostAgent") + "  "
                + overview.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC  " + hosts + (counts.Length > 0 ? ": " + counts : ""),
            "",
        ];
        if (overview.Hosts.Count == 0)
        {
            lines.Add("No host has reported yet. Start an agent: hostagent run --aggregator URL --state DIR");
            lines.Add("");
        }
        else if (overview.Hosts.Count <= MostCards)
        {
            foreach (HostVitals host in overview.Hosts)
            {
                lines.AddRange(Card(host, terminal));
                lines.Add("");
            }
        }
        else
        {
            lines.AddRange(Rows(overview.Hosts).Lines(terminal));
            lines.Add("");
        }

        lines.Add($"API  {overview.Aggregator}  (description: {overview.Aggregator}openapi/v1.json)");
        return lines;
    }

    private static IEnumerable<string> Card(HostVitals host, Terminal terminal)
    {
        string Line(string label, string text) => "  " + label.PadRight(10) + text;
        string Gauge(string label, double? ratio, string text)
            => Line(label, $"{Bar(ratio, terminal)} {terminal.Paint(Style.OfFullness(ratio), Units.Percent(ratio).PadLeft(7))}  {text}".TrimEnd());

        yield return $"{terminal.Paint(Style.Heading, Clean(host.Name))}  {terminal.Paint(Style.OfState(host.Liveness), host.Liveness)}  {LastSample(host)}";
        yield return Gauge("CPU", host.CpuRatio, host.CpuCores is { } cores ? $"of {Plain(cores)} cores" : "");
        yield return Gauge("memory", host.MemoryRatio, $"{Units.Bytes(host.MemoryUsedBytes)} of {Units.Bytes(host.MemoryTotalBytes)}");
        yield return Gauge("disk", host.FullestRatio, host.FullestMountpoint is { } at ? $"of {Units.Bytes(host.FullestSizeBytes)} on {Clean(at)}, the fullest file system" : "no file system");
        yield return Line("disk I/O", $"read {Units.Rate(host.DiskReadBytesPerSecond)}, write {Units.Rate(host.DiskWrittenBytesPerSecond)}");
        yield return Line("load", $"{Units.TwoDecimals(host.Load1)} {Units.TwoDecimals(host.Load5)} {Units.TwoDecimals(host.Load15)}  (1, 5, 15 minutes)");
        yield return Line("network", $"in {Units.Rate(host.NetworkReceiveBytesPerSecond)}, out {Units.Rate(host.NetworkTransmitBytesPerSecond)}");
    }

    // The screen must not show the past as if it were now.
    private static string LastSample(HostVitals host) => host.Liveness switch
    {
        "up" => $"last sample {Age(host)} ago, {Plain(host.SeriesCount)} series",
        _ when host.SampleAgeSeconds is null => "no sample yet",
        "down" => $"last sample {Age(host)} ago; what it is like now is not known",
        _ => $"last sample {Age(host)} ago; what stands here is from then",
    };

    private static Table Rows(IReadOnlyList<HostVitals> hosts)
    {
        var table = new Table("HOST", "STATE", ">AGE", ">CPU", ">MEMORY", ">OF", ">DISK", "ON", ">READ", ">WRITE", ">LOAD1", ">NET IN", ">NET OUT");
        foreach (HostVitals host in hosts)
        {
            table.Add(
                (host.Name, Style.Plain),
                (host.Liveness, Style.OfState(host.Liveness)),
                (Age(host), Style.Plain),
                (Units.Percent(host.CpuRatio), Style.OfFullness(host.CpuRatio)),
                (Units.Percent(host.MemoryRatio), Style.OfFullness(host.MemoryRatio)),
                (Units.Bytes(host.MemoryTotalBytes), Style.Plain),
                (Units.Percent(host.FullestRatio), Style.OfFullness(host.FullestRatio)),
                (host.FullestMountpoint ?? "-", Style.Plain),
                (Units.Rate(host.DiskReadBytesPerSecond), Style.Plain),
                (Units.Rate(host.DiskWrittenBytesPerSecond), Style.Plain),
                (Units.TwoDecimals(host.Load1), Style.Plain),
                (Units.Rate(host.NetworkReceiveBytesPerSecond), Style.Plain),
                (Units.Rate(host.NetworkTransmitBytesPerSecond), Style.Plain));
        }

        return table;
    }

    private static string Bar(double? ratio, Terminal terminal)
    {
        int full = ratio is { } known && double.IsFinite(known) ? (int)Math.Round(Math.Clamp(known, 0, 1) * BarWidth) : 0;
        (char on, char off) = terminal.Unicode ? ('█', '░') : ('#', '.');
        return terminal.Paint(Style.OfFullness(ratio), new string(on, full)) + terminal.Paint(Style.Faint, new string(off, BarWidth - full));
    }

    private static string Age(HostVitals host) => Units.Age(host.SampleAgeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private static string Plain(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
