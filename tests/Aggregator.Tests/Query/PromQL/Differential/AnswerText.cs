using System.Globalization;
using System.Text.Json;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Tests.Query.PromQL.Differential;

/// <summary>Answers of both sides in one form: per series its labels, then time and value of each point.</summary>
internal static class AnswerText
{
    private const double Tolerance = 1e-9; // relative: Prometheus 2.42 sums without compensation, and computes exp and sin itself

    /// <summary>What Prometheus says.</summary>
    public static SortedDictionary<string, List<(string At, double Value)>> Of(JsonElement answer)
    {
        var series = new SortedDictionary<string, List<(string, double)>>(StringComparer.Ordinal);
        if (answer.GetProperty("status").GetString() != "success")
        {
            series.Add("error: " + Shortened(answer.GetProperty("error").GetString()!), []);
            return series;
        }

        JsonElement data = answer.GetProperty("data");
        if (data.GetProperty("resultType").GetString() is "scalar" or "string")
        {
            series.Add("{}", [Point(data.GetProperty("result"))]);
            return series;
        }

        foreach (JsonElement one in data.GetProperty("result").EnumerateArray())
        {
            Labels labels = Labels.From(one.GetProperty("metric").EnumerateObject().Select(static p => new LabelPair(p.Name, p.Value.GetString()!)));
            series.Add(labels.ToString(), one.TryGetProperty("value", out JsonElement value) ? [Point(value)]
                : [.. one.GetProperty("values").EnumerateArray().Select(Point)]);
        }

        return series;
    }

    /// <summary>What we say.</summary>
    public static SortedDictionary<string, List<(string At, double Value)>> Of(Func<QueryResult> query)
    {
        var series = new SortedDictionary<string, List<(string, double)>>(StringComparer.Ordinal);
        try
        {
            switch (query())
            {
                case ScalarResult scalar:
                    series.Add("{}", [(Seconds(scalar.UnixMs), scalar.Value)]);
                    break;
                case VectorResult vector:
                    foreach (ResultSample sample in vector.Samples)
                    {
                        series.Add(sample.Labels.ToString(), [(Seconds(vector.UnixMs), sample.Value)]);
                    }

                    break;
                case MatrixResult matrix:
                    foreach (ResultSeries one in matrix.Series)
                    {
                        series.Add(one.Labels.ToString(), [.. one.Points.Select(static p => (Seconds(p.UnixMs), p.Value))]);
                    }

                    break;
            }
        }
        catch (Exception e) when (e is QuerySyntaxException or QueryExecutionException)
        {
            series.Add("error: " + Shortened(e.Message), []);
        }

        return series;
    }

    /// <summary>The first difference, or null.</summary>
    public static string? Difference(SortedDictionary<string, List<(string At, double Value)>> theirs, SortedDictionary<string, List<(string At, double Value)>> ours)
    {
        if (!theirs.Keys.SequenceEqual(ours.Keys))
        {
            return $"series\n    theirs: {string.Join("\n            ", theirs.Keys.Except(ours.Keys))}\n    ours:   {string.Join("\n            ", ours.Keys.Except(theirs.Keys))}";
        }

        foreach ((string labels, List<(string At, double Value)> left) in theirs)
        {
            List<(string At, double Value)> right = ours[labels];
            for (int i = 0; i < Math.Max(left.Count, right.Count); i++)
            {
                if (i >= left.Count || i >= right.Count || left[i].At != right[i].At || !Same(left[i].Value, right[i].Value))
                {
                    return $"{labels} point {i} theirs: {(i < left.Count ? left[i] : null)}, ours: {(i < right.Count ? right[i] : null)}";
                }
            }
        }

        return null;
    }

    // Which two of several duplicates an error names, and in which order, is chance in 2.42.
    private static string Shortened(string error)
    {
        error = error.Replace("invalid parameter \"query\": ", "", StringComparison.Ordinal);
        int at = error.IndexOf("found duplicate series for the match group", StringComparison.Ordinal);
        return at < 0 ? error : error[at..(at + 42)];
    }

    private static (string, double) Point(JsonElement pair)
    {
        string text = pair[1].GetString()!;
        double value = text switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };
        return (Seconds((long)Math.Round(pair[0].GetDouble() * 1000)), value);
    }

    private static string Seconds(long unixMs) => (unixMs / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static bool Same(double left, double right)
        => left.Equals(right) || left == right || Math.Abs(left - right) <= Math.Max(1e-12, Tolerance * Math.Max(Math.Abs(left), Math.Abs(right)));
}
