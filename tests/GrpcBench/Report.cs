namespace HostAgent.GrpcBench;

/// <summary>The table.</summary>
internal static class Report
{
    private const double TargetFactor = 3;

    /// <summary>Prints medians, the spread of the rates, and how each runtime compares with <paramref name="reference"/>; then, workload by
    /// workload, whether <paramref name="ours"/> reaches the target.</summary>
    public static void Print(
        Dictionary<(Workload Workload, string Name), List<Measurement>> runs, BenchOptions options, string ours, string reference)
    {
        Console.WriteLine($"""
            gRPC, 500-byte messages echoed over one TLS connection on loopback; each runtime's client with its own server.
            Median of {options.Rounds} runs of {options.Seconds:0.#} s (lowest..highest), {Environment.ProcessorCount} cores. CPU: user + system time per call or echoed message.

            {"workload",-24}{"runtime",-12}{"per second",12}{"lowest..highest",20}{"CPU us",9}{"(server",9}{"+ client)",10}{"rate",9}{"CPU",9}
            """);
        foreach (Workload workload in Workload.All)
        {
            Measurement baseline = Measurement.MedianOf(runs[(workload, reference)]);
            foreach (string name in runs.Keys.Where(key => key.Workload == workload).Select(key => key.Name))
            {
                Console.WriteLine(Row(workload, name, runs[(workload, name)], baseline));
            }
        }

        Console.WriteLine($"\nThe last two columns compare with {reference}: more is better. Target: at least {TargetFactor:0}x its rate.");
        foreach (Workload workload in Workload.All)
        {
            double factor = Measurement.MedianOf(runs[(workload, ours)]).PerSecond / Measurement.MedianOf(runs[(workload, reference)]).PerSecond;
            Console.WriteLine($"  {workload,-24}{factor,6:0.00}x  {(factor >= TargetFactor ? "reached" : "missed")}");
        }
    }

    private static string Row(Workload workload, string name, List<Measurement> runs, Measurement baseline)
    {
        Measurement median = Measurement.MedianOf(runs);
        string spread = $"{runs.Min(run => run.PerSecond):0}..{runs.Max(run => run.PerSecond):0}";
        return $"{workload,-24}{name,-12}{median.PerSecond,12:0}{spread,20}{median.Microseconds,9:0.0}{median.ServerMicroseconds,9:0.0}"
            + $"{median.ClientMicroseconds,10:0.0}{median.PerSecond / baseline.PerSecond,8:0.0}x{baseline.Microseconds / median.Microseconds,8:0.0}x";
    }
}
