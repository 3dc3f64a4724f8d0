using HostAgent.Aggregator.Query.PromQL.Evaluation;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>Functions of the values of a window.</summary>
internal static class OverTime
{
    public static double Sum(scoped in SampleWindow window, ReadOnlySpan<double> scalars)
    {
        var sum = new CompensatedSum(0);
        foreach (double value in window.Values)
        {
            sum.Add(value);
        }

        return sum.Total;
    }

    public static double Avg(scoped in SampleWindow window, ReadOnlySpan<double> scalars)
    {
        var mean = new CompensatedMean();
        foreach (double value in window.Values)
        {
            mean.Add(value);
        }

        return mean.Value;
    }

    /// <summary>How often a value differs from the one before it.</summary>
    public static double Changes(scoped in SampleWindow window, ReadOnlySpan<double> scalars)
    {
        int changes = 0;
        ReadOnlySpan<double> values = window.Values;
        for (int i = 1; i < values.Length; i++)
        {
            changes += values[i] != values[i - 1] && !(double.IsNaN(values[i]) && double.IsNaN(values[i - 1])) ? 1 : 0;
        }

        return changes;
    }

    /// <summary>Median of the distances from the median.</summary>
    public static double MedianDeviation(scoped in SampleWindow window, ReadOnlySpan<double> scalars)
    {
        Span<double> values = window.CopyValues();
        if (values.IndexOf(double.NaN) >= 0)
        {
            return double.NaN;
        }

        double median = Quantiles.Of(0.5, values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Abs(values[i] - median);
        }

        return Quantiles.Of(0.5, values);
    }

    /// <summary>Mean of the squared distances from the mean.</summary>
    public static double Variance(ReadOnlySpan<double> values)
    {
        var mean = new CompensatedSum(0);
        var squares = new CompensatedSum(0);
        double count = 0;
        foreach (double value in values)
        {
            count++;
            double delta = value - (mean.Sum + mean.Compensation);
            mean.Add(delta / count);
            squares.Add(delta * (value - (mean.Sum + mean.Compensation)));
        }

        return (squares.Sum + squares.Compensation) / count;
    }

    /// <summary>The first of the greatest; NaN only when there is nothing else.</summary>
    public static int IndexOfMax(ReadOnlySpan<double> values) => IndexOf(values, static (value, best) => value > best);

    /// <summary>The first of the least; NaN only when there is nothing else.</summary>
    public static int IndexOfMin(ReadOnlySpan<double> values) => IndexOf(values, static (value, best) => value < best);

    /// <summary>The last of the greatest.</summary>
    public static int IndexOfLastMax(ReadOnlySpan<double> values) => IndexOf(values, static (value, best) => value >= best);

    /// <summary>The last of the least.</summary>
    public static int IndexOfLastMin(ReadOnlySpan<double> values) => IndexOf(values, static (value, best) => value <= best);

    private static int IndexOf(ReadOnlySpan<double> values, Func<double, double, bool> isBetter)
    {
        int index = 0;
        for (int i = 0; i < values.Length; i++)
        {
            index = isBetter(values[i], values[index]) || double.IsNaN(values[index]) ? i : index;
        }

        return index;
    }
}
