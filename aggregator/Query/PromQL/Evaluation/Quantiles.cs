namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Quantiles of plain values.</summary>
internal static class Quantiles
{
    /// <summary>The value below which the share <paramref name="q"/> of the values lies, interpolated; -Inf and +Inf for shares outside 0 to 1.
    /// Sorts the values: NaN before all others.</summary>
    public static double Of(double q, Span<double> values)
    {
        if (values.Length == 0 || double.IsNaN(q))
        {
            return double.NaN;
        }

        if (q is < 0 or > 1)
        {
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        values.Sort();
        double rank = q * (values.Length - 1);
        double lower = Math.Max(0, Math.Floor(rank));
        double upper = Math.Min(values.Length - 1, lower + 1);
        double weight = rank - Math.Floor(rank);
        return (values[(int)lower] * (1 - weight)) + (values[(int)upper] * weight);
    }
}
