namespace HostAgent.Agent.Sampling.Processes;

/// <summary>Whether memory keeps growing: the Theil–Sen slope over a window, and how sure it is, by the Mann–Kendall trend test.</summary>
/// <remarks>
/// Theil–Sen (Sen 1968) is the median of the slopes of all pairs of points: up to 29 % of the points may be anything. What counts per point is the least of
/// many readings, so the saw of a garbage collector is seen from below. The window and its newer half must agree: what grew and then stood still (a start, a
/// cache that filled) is no leak, and the smaller of the two slopes is told. The test's variance is widened for points that resemble their
/// neighbours (Hamed and Rao 1998), for without that any slow wave would look certain.
/// </remarks>
internal sealed class MemoryGrowth
{
    /// <summary>Points in a full window.</summary>
    public const int Points = 120;

    /// <summary>Points before anything is told.</summary>
    public const int FewestPoints = 16;

    private readonly TimeSpan _step;
    private readonly double[] _scratch;
    private readonly double[] _hours = new double[Points];
    private readonly double[] _bytes = new double[Points];
    private int _count;
    private TimeSpan _stepBegan;
    private long _least;
    private bool _inStep;

    /// <param name="window">What a full window spans.</param>
    /// <param name="scratch">Room for the slopes of all pairs, from <see cref="NewScratch"/>; may be shared on one thread.</param>
    public MemoryGrowth(TimeSpan window, double[] scratch)
    {
        _step = window / Points;
        _scratch = scratch;
    }

    /// <summary>True when there are enough points to tell something.</summary>
    public bool HasResult => _count >= FewestPoints;

    /// <summary>Growth, or shrinking when negative; 0 when there is no lasting one.</summary>
    public double BytesPerHour { get; private set; }

    /// <summary>How sure it is that there is a lasting trend, from 0 to 1.</summary>
    public double Confidence { get; private set; }

    /// <summary>Room for the work of any number of instances on one thread.</summary>
    public static double[] NewScratch() => new double[Points * (Points - 1) / 2];

    /// <summary>Forgets everything: the processes have been replaced.</summary>
    public void Reset()
    {
        (_count, _inStep, BytesPerHour, Confidence) = (0, false, 0, 0);
    }

    /// <summary>Takes a reading.</summary>
    /// <param name="now">When, on a clock that never goes back.</param>
    /// <param name="bytes">How much memory.</param>
    public void Add(TimeSpan now, long bytes)
    {
        if (_inStep && now - _stepBegan >= _step)
        {
            Push(_stepBegan + (_step / 2), _least);
            _inStep = false;
        }

        if (!_inStep)
        {
            (_stepBegan, _least, _inStep) = (now, bytes, true);
        }

        _least = Math.Min(_least, bytes);
    }

    private void Push(TimeSpan at, long bytes)
    {
        if (_count == Points)
        {
            _hours.AsSpan(1).CopyTo(_hours);
            _bytes.AsSpan(1).CopyTo(_bytes);
            _count--;
        }

        _hours[_count] = at.TotalHours;
        _bytes[_count] = bytes;
        _count++;
        if (!HasResult)
        {
            return;
        }

        (double slope, double confidence) = Trend(0);
        (double newer, double newerConfidence) = Trend(_count / 2);
        bool agree = Math.Sign(slope) == Math.Sign(newer) && slope != 0;
        BytesPerHour = agree ? Math.Sign(slope) * Math.Min(Math.Abs(slope), Math.Abs(newer)) : 0;
        Confidence = agree ? Math.Min(confidence, newerConfidence) : 0;
    }

    // Slope and confidence of the points from first on.
    private (double Slope, double Confidence) Trend(int first)
    {
        int pairs = 0, rises = 0, level = 0;
        for (int i = first; i < _count; i++)
        {
            for (int j = i + 1; j < _count; j++)
            {
                double rise = _bytes[j] - _bytes[i];
                _scratch[pairs++] = rise / (_hours[j] - _hours[i]);
                rises += Math.Sign(rise);
                level += rise == 0 ? 1 : 0;
            }
        }

        double slope = Median(_scratch.AsSpan(0, pairs));
        int n = _count - first;
        double variance = n * (n - 1.0) * ((2 * n) + 5) / 18 * Resemblance(first, slope);

        // Pairs that are level say nothing for a trend; they lessen the certainty by staying in the variance.
        double z = pairs == level ? 0 : Math.Max(0, Math.Abs(rises) - 1) / Math.Sqrt(variance);
        return (slope, TwoSided(z));
    }

    // Of an even number the larger of the middle two. Hoare's selection: the half that cannot hold the middle is never sorted.
    private static double Median(Span<double> numbers)
    {
        int middle = numbers.Length / 2, left = 0, right = numbers.Length - 1;
        while (left < right)
        {
            double pivot = numbers[middle];
            int i = left, j = right;
            while (i <= j)
            {
                while (numbers[i] < pivot)
                {
                    i++;
                }

                while (pivot < numbers[j])
                {
                    j--;
                }

                if (i <= j)
                {
                    (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
                    i++;
                    j--;
                }
            }

            left = j < middle ? i : left;
            right = middle < i ? j : right;
        }

        return numbers[middle];
    }

    // By how much neighbours that are alike widen the variance: (1 + r) / (1 - r) with r the correlation of neighbours once the trend is taken out.
    private double Resemblance(int first, double slope)
    {
        double mean = 0;
        for (int i = first; i < _count; i++)
        {
            mean += (_bytes[i] - (slope * _hours[i])) / (_count - first);
        }

        double own = 0, neighbours = 0, before = 0;
        for (int i = first; i < _count; i++)
        {
            double residual = _bytes[i] - (slope * _hours[i]) - mean;
            own += residual * residual;
            neighbours += residual * before;
            before = residual;
        }

        // A line with no noise but rounding has no neighbours to speak of.
        double span = slope * (_hours[_count - 1] - _hours[first]);
        double r = own < 1e-6 * span * span ? 0 : Math.Clamp(neighbours / own, 0, 0.95);
        return (1 + r) / (1 - r);
    }

    // 2 Φ(z) - 1 = erf(z / √2), by Abramowitz and Stegun 7.1.26 (error below 1.5e-7).
    private static double TwoSided(double z)
    {
        double x = z / Math.Sqrt(2);
        double t = 1 / (1 + (0.3275911 * x));
        double polynomial = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        return Math.Clamp(1 - (polynomial * Math.Exp(-x * x)), 0, 1);
    }
}
