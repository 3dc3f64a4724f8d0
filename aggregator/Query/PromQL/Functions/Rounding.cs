namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>round</summary>
internal static class Rounding
{
    /// <summary>The nearest multiple; halves go up.</summary>
    public static double ToNearest(double value, double multiple)
    {
        // By the inverse: 0.1 has none that is exact, 10 is.
        double inverse = 1 / multiple;
        return Math.Floor((value * inverse) + 0.5) / inverse;
    }
}
