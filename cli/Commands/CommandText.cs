using System.Globalization;
using HostAgent.Cli.Api;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary>How commands and orders are written for people.</summary>
internal static class CommandText
{
    /// <summary><c>3 succeeded, 1 failed</c>.</summary>
    public static string Counts(CommandView command)
        => string.Join(", ", command.Counts.OrderByDescending(static c => c.Value).Select(static c => FormattableString.Invariant($"{c.Value} {c.Key}")));

    /// <summary><c>service.restart unit=nginx</c>.</summary>
    public static string What(string kind, IReadOnlyDictionary<string, string> args)
        => Table.Clean(string.Join(' ', args.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => $"{a.Key}={a.Value}").Prepend(kind)));

    /// <summary>Every field of an order, as somebody must see it before signing.</summary>
    public static void WriteOrder(Terminal terminal, OrderView order)
    {
        terminal.Error.WriteLine($"command       {order.CommandId}{(order.DryRun ? "  (dry run)" : "")}");
        terminal.Error.WriteLine($"kind          {Table.Clean(order.Kind)}");
        foreach ((string name, string value) in order.Args.OrderBy(static a => a.Key, StringComparer.Ordinal))
        {
            terminal.Error.WriteLine($"  {Table.Clean(name)} = {Table.Clean(value)}");
        }

        terminal.Error.WriteLine(FormattableString.Invariant($"hosts         {order.Targets.Count}"));
        for (int i = 0; i < order.Targets.Count; i++)
        {
            terminal.Error.WriteLine($"  {order.Targets[i]}  {Table.Clean(i < order.TargetNames.Count ? order.TargetNames[i] : "?")}");
        }

        terminal.Error.WriteLine($"not before    {Time(order.NotBeforeUnixMs)}");
        terminal.Error.WriteLine($"not after     {Time(order.NotAfterUnixMs)}");
        terminal.Error.WriteLine(order.TimeoutMs == 0 ? "timeout       as the kind says" : FormattableString.Invariant($"timeout       {order.TimeoutMs} ms"));
        if (order.Precondition.Length > 0)
        {
            terminal.Error.WriteLine($"precondition  {Table.Clean(order.Precondition)}");
        }
    }

    /// <summary>One command with all its hosts.</summary>
    public static void Write(Terminal terminal, CommandView command, bool output)
    {
        terminal.Out.WriteLine($"{command.Id}  {What(command.Kind, command.Args)}{(command.DryRun ? "  (dry run)" : "")}");
        terminal.Out.WriteLine($"asked by {Table.Clean(command.RequestedBy)} at {command.Created:yyyy-MM-dd HH:mm:ss}Z for {Table.Clean(command.On)}; {command.Phase}; {Counts(command)}");
        if (command.SignaturesNeeded > 0)
        {
            terminal.Out.WriteLine(FormattableString.Invariant($"signed by {command.SignedBy.Count} of {command.SignaturesNeeded}: {string.Join(", ", command.SignedBy)}"));
        }

        foreach (string reason in new[] { command.Cancelled, command.Stopped is null ? null : "stopped: " + command.Stopped }.OfType<string>())
        {
            terminal.Out.WriteLine(terminal.Paint(Style.Warning, Table.Clean(reason)));
        }

        var table = new Table("HOST", "STATE", ">TOOK", "MESSAGE");
        foreach (HostRunView run in command.Hosts ?? [])
        {
            string state = run.Overdue ? run.State + " (overdue)" : run.State;
            string took = run is { Started: { } from, Ended: { } to } ? ((to - from).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s") : "";
            string late = string.Concat((run.LateReports ?? []).Select(static l => $" [later its agent said {l.State}: {l.Message}]"));
            table.Add((run.Name, Style.Plain), (state, Style.OfRun(run.Overdue ? "overdue" : run.State)), (took, Style.Plain), (run.Message + late, Style.Plain));
        }

        table.Write(terminal);
        foreach (HostRunView run in (command.Hosts ?? []).Where(run => output && run.Output is { Length: > 0 }))
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(terminal.Paint(Style.Heading, $"{Table.Clean(run.Name)}:{(run.OutputTruncated ? " (cut)" : "")}"));
            foreach (string line in run.Output!.TrimEnd('\n').Split('\n'))
            {
                terminal.Out.WriteLine(Table.Clean(line.TrimEnd('\r').Replace('\t', ' ')));
            }
        }
    }

    /// <summary>Asks a question whose answer must be yes.</summary>
    /// <exception cref="CliException">Nobody is there to answer, or the answer is not yes.</exception>
    public static void Confirm(Terminal terminal, string question)
    {
        if (!terminal.Interactive)
        {
            throw new CliException(ExitCodes.Usage, "nobody is there to confirm; say --yes if it is meant");
        }

        terminal.Error.Write(question + " [y/N] ");
        if (terminal.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new CliException(ExitCodes.NotDone, "nothing was done");
        }
    }

    private static string Time(long unixMs)
        => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
