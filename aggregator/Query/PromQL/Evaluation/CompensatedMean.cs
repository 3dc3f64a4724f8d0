namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>A mean of any number of values: sum over count as long as the sum does not overflow, then a running mean.</summary>
internal struct CompensatedMean
{
    private CompensatedSum _sum; // of the values, or their mean when _running
    private double _count;
    private bool _running;

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        _count++;
        if (_count == 1)
        {
            _sum = new CompensatedSum(value);
            return;
        }

        if (!_running)
        {
            CompensatedSum next = _sum;
            next.Add(value);
            if (!double.IsInfinity(next.Sum))
            {
                _sum = next;
                return;
            }

            _running = true;
            _sum = new CompensatedSum(_sum.Sum / (_count - 1), _sum.Compensation / (_count - 1));
        }

        _sum = _sum.Scaled((_count - 1) / _count);
        _sum.Add(value / _count);
    }

    /// <summary>The mean; without meaning before the first value.</summary>
    public readonly double Value => _running ? _sum.Sum + _sum.Compensation : (_sum.Sum / _count) + (_sum.Compensation / _count);
}
