using System.Globalization;
using HostAgent.Aggregator.Query.PromQL.Evaluation;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>Where a series is going.</summary>
internal static class Trends
{
    /// <summary>deriv: slope of the line of least squares, per second.</summary>
    public static double Slope(scoped in SampleWindow window, ReadOnlySpan<double> scalars)
        => window.Count < 2 ? StepValues.Absent : Line(window, window.Times[0]).Slope;

    /// <summary>predict_linear: that line, so many seconds after the step.</summary>
    public static double Predicted(scoped in SampleWindow window, ReadOnlySpan<double> scalars)
    {
        if (window.Count < 2)
        {
            return StepValues.Absent;
        }

        (double slope, double intercept) = Line(window, window.EvaluationUnixMs);
        return (slope * scalars[0]) + intercept;
    }

    /// <summary>double_exponential_smoothing (https://en.wikipedia.org/wiki/Exponential_smoothing#Double_exponential_smoothing_(Holt_linear)).</summary>
    /// <exception cref="QueryExecutionException">A factor is not between 0 and 1.</exception>
    public static double Smoothed(scoped in SampleWindow window, ReadOnlySpan<double> scalars)
    {
        (double smoothing, double trending) = (Factor(scalars[0], "smoothing", "sf"), Factor(scalars[1], "trend", "tf"));
        ReadOnlySpan<double> values = window.Values;
        if (values.Length < 2)
        {
            return StepValues.Absent;
        }

        double before = 0;
        double level = values[0];
        double trend = values[1] - values[0];
        for (int i = 1; i < values.Length; i++)
        {
            trend = i == 1 ? trend : (trending * (level - before)) + ((1 - trending) * trend);
            double next = (smoothing * values[i]) + ((1 - smoothing) * (level + trend));
            (before, level) = (level, next);
        }

        return level;
    }

    private static double Factor(double factor, string name, string symbol)
        => !(factor is <= 0 or >= 1) ? factor : throw new QueryExecutionException(string.Create(
            CultureInfo.InvariantCulture, $"invalid {name} factor. Expected: 0 < {symbol} < 1, got: {factor:0.000000}"));

    private static (double Slope, double Intercept) Line(scoped in SampleWindow window, long originUnixMs)
    {
        CompensatedSum sumX = default, sumY = default, sumXY = default, sumXX = default;
        bool constant = true;
        ReadOnlySpan<double> values = window.Values;
        for (int i = 0; i < values.Length; i++)
        {
            constant &= i == 0 || values[i] == values[0];
            double x = (window.Times[i] - originUnixMs) / 1e3;
            sumX.Add(x);
            sumY.Add(values[i]);
            sumXY.Add(x * values[i]);
            sumXX.Add(x * x);
        }

        if (constant)
        {
            return double.IsInfinity(values[0]) ? (double.NaN, double.NaN) : (0, values[0]);
        }

        double n = values.Length;
        (double totalX, double totalY) = (sumX.Sum + sumX.Compensation, sumY.Sum + sumY.Compensation);
        double covariance = sumXY.Sum + sumXY.Compensation - (totalX * totalY / n);
        double variance = sumXX.Sum + sumXX.Compensation - (totalX * totalX / n);
        double slope = covariance / variance;
        return (slope, (totalY / n) - (slope * totalX / n));
    }
}
