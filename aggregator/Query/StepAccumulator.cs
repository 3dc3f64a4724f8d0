namespace HostAgent.Aggregator.Query;

/// <summary>Folds samples of one series, fed in ascending time, into one point per step. The point at t stands for the samples in
/// (t - step, t].</summary>
/// <param name="aggregation">How.</param>
/// <param name="firstUnixMs">Time of the first point; earlier samples only serve as predecessors for <see cref="Aggregation.Rate"/>.</param>
/// <param name="stepMs">Distance of points, 1 or more.</param>
/// <param name="maxGapMs">Two samples further apart than this say nothing about the rate between them.</param>
/// <param name="points">Where finished points go.</param>
internal sealed class StepAccumulator(Aggregation aggregation, long firstUnixMs, long stepMs, long maxGapMs, List<Point> points)
{
    private long _pointTime = long.MinValue;
    private long _count;
    private double _folded;
    private double _compensation;
    private double _coveredMs;
    private long _previousTime = long.MinValue;
    private double _previous;

    /// <summary>Takes the next sample.</summary>
    public void Add(long timeUnixMs, double value)
    {
        if (timeUnixMs > firstUnixMs - stepMs)
        {
            long pointTime = firstUnixMs + (CeilingDivide(timeUnixMs - firstUnixMs, stepMs) * stepMs);
            if (pointTime != _pointTime)
            {
                Finish();
                _pointTime = pointTime;
            }

            Fold(timeUnixMs, value);
        }

        (_previousTime, _previous) = (timeUnixMs, value);
    }

    /// <summary>Ends the step that is open; call once after the last sample.</summary>
    public void Finish()
    {
        if (aggregation == Aggregation.Rate ? _coveredMs > 0 : _count > 0)
        {
            points.Add(new Point(_pointTime, aggregation switch
            {
                Aggregation.Avg => (_folded + _compensation) / _count,
                Aggregation.Sum => _folded + _compensation,
                Aggregation.Count => _count,
                Aggregation.Rate => _folded * 1000 / _coveredMs,
                _ => _folded,
            }));
        }

        (_count, _folded, _compensation, _coveredMs) = (0, 0, 0, 0);
    }

    private void Fold(long timeUnixMs, double value)
    {
        switch (aggregation)
        {
            case Aggregation.Avg or Aggregation.Sum:
                AddCompensated(value);
                break;
            case Aggregation.Min:
                _folded = _count == 0 || value < _folded || double.IsNaN(_folded) ? value : _folded;
                break;
            case Aggregation.Max:
                _folded = _count == 0 || value > _folded || double.IsNaN(_folded) ? value : _folded;
                break;
            case Aggregation.Last:
                _folded = value;
                break;
            case Aggregation.Rate when _previousTime != long.MinValue && timeUnixMs - _previousTime <= maxGapMs:
                _folded += value < _previous ? value : value - _previous;
                _coveredMs += timeUnixMs - _previousTime;
                break;
        }

        _count++;
    }

    // Neumaier's sum: a year of small numbers does not drown in a large one.
    private void AddCompensated(double value)
    {
        double sum = _folded + value;
        if (double.IsFinite(sum))
        {
            _compensation += Math.Abs(_folded) >= Math.Abs(value) ? _folded - sum + value : value - sum + _folded;
        }
        else
        {
            _compensation = 0;
        }

        _folded = sum;
    }

    private static long CeilingDivide(long a, long b) => a >= 0 ? (a + b - 1) / b : -(-a / b);
}
