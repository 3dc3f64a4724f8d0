namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The instants at which an expression is evaluated.</summary>
/// <param name="StartUnixMs">The first.</param>
/// <param name="StepMs">Distance, 1 or more.</param>
/// <param name="Count">How many, 0 or more.</param>
internal readonly record struct StepGrid(long StartUnixMs, long StepMs, int Count)
{
    /// <summary>The instant number <paramref name="step"/>.</summary>
    public long this[int step] => StartUnixMs + (step * StepMs);

    /// <summary>The first step at or after the instant, between 0 and <see cref="Count"/>.</summary>
    public int FirstAtOrAfter(long unixMs)
    {
        if (unixMs <= StartUnixMs)
        {
            return 0;
        }

        long step = ((unixMs - StartUnixMs - 1) / StepMs) + 1;
        return (int)Math.Min(step, Count);
    }
}
