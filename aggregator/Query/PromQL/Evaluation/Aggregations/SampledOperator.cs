namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>limit_ratio: keeps about a share of the series, chosen by a hash of their labels; a negative share keeps the others.</summary>
internal sealed class SampledOperator(SeriesOperator input, StepScalars ratio) : SeriesOperator
{
    private int _next;

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series => input.Series;

    /// <summary>Where the series lies between 0 and 1: the same on every machine and in every version.</summary>
    public static double PositionOf(Labels labels)
    {
        ulong hash = 14695981039346656037; // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
        foreach (char c in labels.ToString())
        {
            hash = (hash ^ c) * 1099511628211;
        }

        // Its high bits are weak on short texts: mix (the finaliser of MurmurHash3).
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return (hash ^ (hash >> 33)) / (double)ulong.MaxValue;
    }

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        double position = PositionOf(Series[_next++]);
        input.Next(into);
        for (int step = into.From; step < into.To; step++)
        {
            double limit = Math.Clamp(ratio[step], -1, 1);
            if (!(limit >= 0 ? position < limit : position >= 1 + limit))
            {
                into[step] = StepValues.Absent;
            }
        }
    }
}
