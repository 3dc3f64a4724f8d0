using System.Globalization;
using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>histogram_quantile, histogram_fraction on series with the label le. Series without it, or with one that is no number, are left out.</summary>
internal static class HistogramFunctions
{
    private const string Bound = "le";
    private static readonly string[] BoundLabel = [Bound];

    public static SeriesOperator Quantile(Evaluator evaluator, CallExpression call)
    {
        StepScalars q = evaluator.Scalar(call.Arguments[0]);
        return Evaluate(evaluator, call.Arguments[1], (histogram, step) => histogram.Quantile(q[step]));
    }

    public static SeriesOperator Fraction(Evaluator evaluator, CallExpression call)
    {
        StepScalars lower = evaluator.Scalar(call.Arguments[0]);
        StepScalars upper = evaluator.Scalar(call.Arguments[1]);
        return Evaluate(evaluator, call.Arguments[2], (histogram, step) => histogram.Fraction(lower[step], upper[step]));
    }

    /// <summary>histogram_quantiles: several at once, each under a label of its own.</summary>
    public static SeriesOperator Quantiles(Evaluator evaluator, CallExpression call)
    {
        string label = Evaluator.Text(call.Arguments[1]);
        if (label.Length == 0)
        {
            throw new QueryExecutionException("invalid label name in histogram_quantiles(): ");
        }

        List<(Labels Labels, List<(double Bound, TrimmedSeries Counts)> Buckets)> histograms = Collect(evaluator, call.Arguments[0]);
        List<Labels> series = [];
        List<TrimmedSeries> results = [];
        foreach (StepScalars q in call.Arguments.Skip(2).Select(evaluator.Scalar))
        {
            string value = GoText.Number(q[0]);
            KeptOperator one = Evaluate(evaluator, histograms, (histogram, step) => histogram.Quantile(q[step]), results);
            series.AddRange(one.Series.Select(labels => labels.With(label, value)));
        }

        return new KeptOperator(series, results);
    }

    private static KeptOperator Evaluate(Evaluator evaluator, Expression argument, Func<ClassicHistogram, int, double> body)
        => Evaluate(evaluator, Collect(evaluator, argument), body, []);

    private static KeptOperator Evaluate(
        Evaluator evaluator, List<(Labels Labels, List<(double Bound, TrimmedSeries Counts)> Buckets)> histograms,
        Func<ClassicHistogram, int, double> body, List<TrimmedSeries> results)
    {
        int steps = evaluator.Grid.Count;
        evaluator.Context.Budget.Use((long)histograms.Count * steps);
        var histogram = new ClassicHistogram();
        foreach ((_, List<(double Bound, TrimmedSeries Counts)> buckets) in histograms)
        {
            double[] values = new double[steps];
            for (int step = 0; step < steps; step++)
            {
                histogram.Clear();
                foreach ((double bound, TrimmedSeries counts) in buckets)
                {
                    double count = counts.At(step);
                    if (StepValues.IsPresent(count))
                    {
                        histogram.Add(bound, count);
                    }
                }

                values[step] = histogram.IsEmpty ? StepValues.Absent : body(histogram, step);
            }

            results.Add(new TrimmedSeries(0, values));
        }

        return new KeptOperator([.. histograms.Select(static h => h.Labels.WithoutName())], results);
    }

    // Histograms of different metrics stay apart here; that their results then look the same is the asker's error.
    private static List<(Labels Labels, List<(double Bound, TrimmedSeries Counts)> Buckets)> Collect(Evaluator evaluator, Expression argument)
    {
        SeriesOperator input = evaluator.Vector(argument);
        TrimmedSeries[] kept = KeptOperator.Keep(input, evaluator.Grid.Count, evaluator.Context.Budget);
        var histograms = new Dictionary<Labels, List<(double Bound, TrimmedSeries Counts)>>();
        for (int i = 0; i < kept.Length; i++)
        {
            Labels labels = input.Series[i];
            if (TryBound(labels[Bound], out double bound))
            {
                Labels key = labels.Without(BoundLabel);
                if (!histograms.TryGetValue(key, out List<(double, TrimmedSeries)>? buckets))
                {
                    histograms.Add(key, buckets = []);
                }

                buckets.Add((bound, kept[i]));
            }
        }

        return [.. histograms.Select(static pair => (pair.Key, pair.Value))];
    }

    private static bool TryBound(string text, out double bound)
    {
        bound = text switch
        {
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.NaN,
        };
        return !double.IsNaN(bound) || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out bound) && !double.IsNaN(bound));
    }
}
