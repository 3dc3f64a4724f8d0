using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary><c>and</c>, <c>or</c>, <c>unless</c>: only which groups of the other side have a value at a step is kept in memory.</summary>
internal sealed class SetOperator : SeriesOperator
{
    private readonly BinaryOperator _operator;
    private readonly SeriesOperator _left;
    private readonly SeriesOperator _right;
    private readonly int[] _leftGroups;
    private readonly int[] _rightGroups;
    private readonly bool[]?[] _present; // per group, the steps at which the side that decides has a value
    private int _next;

    public SetOperator(BinaryExpression binary, SeriesOperator left, SeriesOperator right)
    {
        (_operator, _left, _right) = (binary.Operator, left, right);
        Signatures signatures = Signatures.For(binary.Matching);
        _leftGroups = signatures.Number(left.Series);
        _rightGroups = signatures.Number(right.Series);
        _present = new bool[]?[signatures.Groups.Count];
        Series = binary.Operator == BinaryOperator.Or ? [.. left.Series, .. right.Series] : left.Series;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series { get; }

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        if (_next == 0 && _operator != BinaryOperator.Or)
        {
            foreach (int group in _rightGroups)
            {
                _right.Next(into);
                Mark(group, into);
            }
        }

        int at = _next++;
        if (at < _leftGroups.Length)
        {
            _left.Next(into);
            if (_operator == BinaryOperator.Or)
            {
                Mark(_leftGroups[at], into);
            }
            else
            {
                Filter(_leftGroups[at], into, keepMarked: _operator == BinaryOperator.And);
            }
        }
        else
        {
            _right.Next(into);
            Filter(_rightGroups[at - _leftGroups.Length], into, keepMarked: false);
        }
    }

    private void Mark(int group, StepValues values)
    {
        bool[] present = _present[group] ??= new bool[values.Count];
        for (int step = values.From; step < values.To; step++)
        {
            present[step] |= StepValues.IsPresent(values[step]);
        }
    }

    private void Filter(int group, StepValues values, bool keepMarked)
    {
        bool[]? present = _present[group];
        for (int step = values.From; step < values.To; step++)
        {
            if ((present is not null && present[step]) != keepMarked)
            {
                values[step] = StepValues.Absent;
            }
        }
    }
}
