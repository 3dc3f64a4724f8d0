namespace HostAgent.GrpcBench;

/// <summary>One run, or the median of several.</summary>
/// <param name="PerSecond">Calls answered, or messages echoed, per second.</param>
/// <param name="ServerMicroseconds">CPU time of the server, user and system, per call or echoed message.</param>
/// <param name="ClientMicroseconds">CPU time of the client, likewise.</param>
internal sealed record Measurement(double PerSecond, double ServerMicroseconds, double ClientMicroseconds)
{
    /// <summary>CPU time of both ends.</summary>
    public double Microseconds => ServerMicroseconds + ClientMicroseconds;

    /// <summary>The median of each figure on its own.</summary>
    public static Measurement MedianOf(IReadOnlyCollection<Measurement> runs) => new(
        Median(runs.Select(run => run.PerSecond)),
        Median(runs.Select(run => run.ServerMicroseconds)),
        Median(runs.Select(run => run.ClientMicroseconds)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
