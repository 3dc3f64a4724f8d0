namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>What one query may still use.</summary>
internal sealed class QueryBudget(PromQLOptions options, TimeProvider time, CancellationToken cancellation)
{
    private readonly long _started = time.GetTimestamp();
    private long _samples;

    /// <summary>Samples read and values kept so far.</summary>
    public long Samples => _samples;

    /// <summary>Most series of one selector.</summary>
    public int MaxSeries => options.MaxSeries;

    /// <summary>Called between portions of work.</summary>
    /// <exception cref="OperationCanceledException">The asker has gone.</exception>
    /// <exception cref="QueryTimeoutException">The time is up.</exception>
    public void Check()
    {
        cancellation.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(_started) > options.Timeout)
        {
            throw new QueryTimeoutException($"query timed out in expression evaluation after {options.Timeout.TotalSeconds:0.###} s");
        }
    }

    /// <summary>Accounts for samples read or values kept.</summary>
    /// <exception cref="QueryLimitException">More than allowed.</exception>
    public void Use(long samples)
    {
        _samples += samples;
        if (_samples > options.MaxSamples)
        {
            throw new QueryLimitException(
                $"query processing would load too many samples into memory in query execution: more than {options.MaxSamples}; select fewer series or a shorter range");
        }

        Check();
    }
}
