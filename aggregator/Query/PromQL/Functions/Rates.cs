using HostAgent.Aggregator.Query.PromQL.Evaluation;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>How fast a series changes.</summary>
internal static class Rates
{
    /// <summary>rate, increase, delta: the change between the first and the last sample, extrapolated to the ends of the window. Not all the way
    /// when the nearest sample is further from an end than samples are from each other: then the series seems to begin or end there. A counter is
    /// not extrapolated to below zero.</summary>
    public static double Extrapolated(scoped in SampleWindow window, bool isCounter, bool perSecond)
    {
        int last = window.Count - 1;
        if (last == 0)
        {
            return StepValues.Absent;
        }

        double first = window.Values[0];
        double change = window.Values[last] - first;
        if (isCounter && window.Falls > 0)
        {
            change = AddResets(window.Values, change);
        }

        double toStart = (window.Times[0] - window.StartUnixMs) / 1000.0;
        double toEnd = (window.EndUnixMs - window.Times[last]) / 1000.0;
        double sampled = (window.Times[last] - window.Times[0]) / 1000.0;
        double average = sampled / last;
        double threshold = average * 1.1;
        if (toStart >= threshold)
        {
            toStart = average / 2;
        }

        if (isCounter)
        {
            double toZero = change > 0 && first >= 0 ? sampled * (first / change) : toStart;
            toStart = toZero < toStart ? toZero : toStart;
        }

        if (toEnd >= threshold)
        {
            toEnd = average / 2;
        }

        double factor = (sampled + toStart + toEnd) / sampled;
        return change * (perSecond ? factor / window.RangeSeconds : factor);
    }

    /// <summary>irate, idelta: of the last two samples alone.</summary>
    public static double Instant(scoped in SampleWindow window, bool isCounter)
    {
        if (window.Count < 2)
        {
            return StepValues.Absent;
        }

        double last = window.Values[^1];
        double before = window.Values[^2];
        double change = isCounter && last < before ? last : last - before;
        return isCounter ? change / ((window.Times[^1] - window.Times[^2]) / 1000.0) : change;
    }

    // A counter that falls has started again from zero.
    private static double AddResets(ReadOnlySpan<double> values, double change)
    {
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
            {
                change += values[i - 1];
            }
        }

        return change;
    }
}
