using System.Runtime.CompilerServices;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The values of one series at each step, or <see cref="Absent"/>. Only the steps from <see cref="From"/> to <see cref="To"/> (exclusive)
/// can hold one, so that a series that lived for a moment of a long query costs a moment.</summary>
internal sealed class StepValues(int steps)
{
    // The stale marker: a bit pattern that no arithmetic produces (it is a signalling NaN) and that no selector lets through.
    private readonly double[] _values = new double[steps];

    /// <summary>"No value at this step."</summary>
    public static double Absent => StaleMarker.Value;

    /// <summary>First step that may hold a value.</summary>
    public int From { get; private set; }

    /// <summary>Step after the last that may.</summary>
    public int To { get; private set; }

    /// <summary>Number of steps.</summary>
    public int Count => _values.Length;

    /// <summary>The value at a step between <see cref="From"/> and <see cref="To"/>.</summary>
    public double this[int step]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _values[step];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _values[step] = value;
    }

    /// <summary>Whether a value read from here is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPresent(double value) => BitConverter.DoubleToInt64Bits(value) != StaleMarker.Bits;

    /// <summary>Empties the series and opens the given steps to values.</summary>
    public void Reset(int from, int to)
    {
        (From, To) = (from, Math.Max(from, to));
        _values.AsSpan(From, To - From).Fill(Absent);
    }

    /// <summary>Empties the series.</summary>
    public void Clear() => Reset(0, 0);

    /// <summary>The steps from <see cref="From"/> to <see cref="To"/>.</summary>
    public ReadOnlySpan<double> Live => _values.AsSpan(From, To - From);

    /// <summary>Becomes equal to <paramref name="other"/>.</summary>
    public void CopyFrom(TrimmedSeries other)
    {
        Reset(other.From, other.From + other.Values.Length);
        other.Values.CopyTo(_values.AsSpan(From));
    }
}
