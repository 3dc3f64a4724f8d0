using HostAgent.Torture.Subjects;
using HostAgent.Torture.Verification;

namespace HostAgent.Torture;

/// <summary>The table that a run ends with.</summary>
internal static class Summary
{
    /// <summary>At most so many findings of a kind and host are written out: after one bug there are often thousands.</summary>
    private const int MostFindings = 12;

    /// <summary>Kills by SIGKILL in a run.</summary>
    public static int Kills(RunResult result)
        => result.Counts.GetValueOrDefault(AgentSubject.KillCount) + result.Counts.GetValueOrDefault(AggregatorSubject.KillCount);

    /// <summary>Writes the table, the balance and the findings.</summary>
    public static void Write(TextWriter output, TortureOptions options, RunResult result)
    {
        output.WriteLine();
        output.WriteLine($"seed {options.Seed}, {options.Agents} agents at {options.Interval.TotalMilliseconds:0} ms, " +
            $"{options.Duration.TotalSeconds:0} s of faults, {result.Took.TotalSeconds:0} s in all, {Kills(result)} kills by SIGKILL");
        output.WriteLine();
        foreach ((string what, int count) in result.Counts)
        {
            output.WriteLine($"  {what,-40} {count,8}");
        }

        output.WriteLine();
        output.WriteLine($"  {"frames",-10} {"produced",9} {"present",9} {"late",9} {"dropped",9} {"lost",7} {"open",6} {"acked",9} {"samples",11}");
        foreach (HostTotals t in result.Totals.Append(Sum(result.Totals)))
        {
            output.WriteLine($"  {t.Host,-10} {t.Produced,9} {t.Present,9} {t.Late,9} {t.Dropped,9} {t.LostAtCrash,7} {t.Open,6} {t.Acknowledged,9} " +
                $"{t.Samples,11}{(t.Balances ? "" : "  DOES NOT BALANCE")}");
        }

        output.WriteLine();
        output.WriteLine($"  acks received {result.Acks}; slowest aggregator start {result.SlowestStart.TotalSeconds:0.00} s; most memory: " +
            string.Join(", ", result.PeakMemory.Select(m => $"{m.Key} {m.Value / 1048576.0:0.0} MiB")));
        WriteFindings(output, result.Findings);
    }

    private static void WriteFindings(TextWriter output, IReadOnlyList<Finding> findings)
    {
        output.WriteLine();
        foreach (IGrouping<(FindingKind, string), Finding> group in findings.GroupBy(f => (f.Kind, f.Host)))
        {
            foreach (Finding finding in group.Take(MostFindings))
            {
                output.WriteLine($"  {finding}");
            }

            if (group.Count() > MostFindings)
            {
                output.WriteLine($"  ... and {group.Count() - MostFindings} more of {group.Key}");
            }
        }

        output.WriteLine(findings.Count == 0
            ? "0 acknowledged samples lost, 0 duplicates, every account balances."
            : $"{findings.Count} findings.");
    }

    private static HostTotals Sum(IReadOnlyList<HostTotals> all)
        => new("all", all.Sum(t => t.Produced), all.Sum(t => t.Present), all.Sum(t => t.Late), all.Sum(t => t.Dropped), all.Sum(t => t.LostAtCrash),
            all.Sum(t => t.Open), all.Sum(t => t.Acknowledged), all.Sum(t => t.Samples));
}
