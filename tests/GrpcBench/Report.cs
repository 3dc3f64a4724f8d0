namespace HostAgent.GrpcBench;

/// <summary>The table.</summary>
internal static class Report
{
    private const double TargetFactor = 3;

    /// <summary>Prints medians, the spread of the rates, and how each runtime compares with <paramref name="reference"/>; then whether
    /// <paramref name="ours"/> reaches the target on every workload.</summary>
    public static void Print(
        Dictionary<(Workload Workload, string Name), List<Measurement>> runs, BenchOptions options, string ours, string reference)
    {
        Console.WriteLine($"""
            gRPC, 500-byte messages echoed over one TLS connection on loopback; each runtime's client with its own server.
            Median of {options.Rounds} runs of {options.Seconds:0.#} s (lowest..highest), {Environment.ProcessorCount} cores. CPU: user + system time per call or echoed message.

            {"workload",-24}{"runtime",-12}{"per second",12}{"lowest..highest",20}{"CPU us",9}{"(server",9}{"+ client)",10}{"rate",9}{"CPU",9}
            """);
        double worst = double.MaxValue;
        foreach (Workload workload in Workload.All)
        {
            Measurement baseline = Measurement.MedianOf(runs[(workload, reference)]);
            foreach (string name in runs.Keys.Where(key => key.Workload == workload).Select(key => key.Name))
            {
                List<Measurement> all = runs[(workload, name)];
                Measurement median = Measurement.MedianOf(all);
                double factor = median.PerSecond / baseline.PerSecond;
                worst = name == ours ? Math.Min(worst, factor) : worst;
                string spread = $"{all.Min(run => run.PerSecond):0}..{all.Max(run => run.PerSecond):0}";
                Console.WriteLine(
                    $"{workload,-24}{name,-12}{median.PerSecond,12:0}{spread,20}{median.Microseconds,9:0.0}{median.ServerMicroseconds,9:0.0}"
                    + $"{median.ClientMicroseconds,10:0.0}{factor,8:0.0}x{baseline.Microseconds / median.Microseconds,8:0.0}x");
            }
        }

        string verdict = worst >= TargetFactor ? "reached" : "missed";
        Console.WriteLine(
            $"\nThe last columns compare with {reference}: more is better. Target, at least {TargetFactor:0}x its rate: {verdict} (lowest {worst:0.00}x).");
    }
}
