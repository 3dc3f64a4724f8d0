namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A sum that remembers what rounding took from it (https://en.wikipedia.org/wiki/Kahan_summation_algorithm, Neumaier's form).</summary>
internal struct CompensatedSum(double sum, double compensation = 0)
{
    /// <summary>The sum without its correction.</summary>
    public readonly double Sum => sum;

    /// <summary>What is to be added.</summary>
    public readonly double Compensation => compensation;

    /// <summary>Both together; an infinite sum has no correction.</summary>
    public readonly double Total => double.IsInfinity(sum) ? sum : sum + compensation;

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        double total = sum + value;
        if (double.IsInfinity(total))
        {
            compensation = 0;
        }
        else
        {
            compensation += Math.Abs(sum) >= Math.Abs(value) ? sum - total + value : value - total + sum;
        }

        sum = total;
    }

    /// <summary>The sum and its correction, both times the factor.</summary>
    public readonly CompensatedSum Scaled(double factor) => new(sum * factor, compensation * factor);
}
