using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>Arithmetic and comparison between two vectors: the side of the "one" is kept in memory, the other streams past it.</summary>
internal sealed class VectorMatchOperator : SeriesOperator
{
    private readonly BinaryExpression _binary;
    private readonly SeriesOperator _many;
    private readonly int[] _groups;
    private readonly OneSide _one;
    private readonly List<Labels> _series = [];
    private readonly List<(int Many, int One, int Result)> _routes = []; // by Many; One is -1 when the labels do not depend on it
    private readonly bool _streams; // each result has one source and each source one result, in order
    private readonly QueryBudget _budget;
    private TrimmedSeries[]? _kept;
    private int _next;

    public VectorMatchOperator(BinaryExpression binary, SeriesOperator left, SeriesOperator right, int steps, QueryBudget budget)
    {
        (_binary, _budget) = (binary, budget);
        bool swapped = binary.Matching.Cardinality == VectorCardinality.OneToMany;
        _many = swapped ? right : left;
        SeriesOperator one = swapped ? left : right;
        Signatures signatures = Signatures.For(binary.Matching);
        _groups = signatures.Number(_many.Series);
        _one = new OneSide(one, signatures.Number(one.Series), signatures.Groups.Count, binary.Matching, steps, budget);
        Route();
        _streams = !_one.HasConflicts && _routes.Count == _series.Count && _routes.Select(static r => r.Many).Distinct().Count() == _routes.Count
            && (binary.Matching.Cardinality != VectorCardinality.OneToOne || _groups.Distinct().Count() == _groups.Length);
        if (_one.HasConflicts)
        {
            _kept = WorkOut(steps); // at once: even if nothing matches, the conflict must be told
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Labels> Series => _series;

    /// <inheritdoc/>
    public override void Next(StepValues into)
    {
        if (!_streams)
        {
            _kept ??= WorkOut(into.Count);
            into.CopyFrom(_kept[_next++]);
            return;
        }

        int many = _routes[_next].Many;
        for (int at = _next == 0 ? 0 : _routes[_next - 1].Many + 1; at <= many; at++)
        {
            _many.Next(into); // those before have no partner
        }

        for (int step = into.From; step < into.To; step++)
        {
            if (StepValues.IsPresent(into[step]))
            {
                into[step] = Combine(into[step], _one.At(_groups[many], step, out _));
            }
        }

        _next++;
    }

    private void Route()
    {
        bool dependsOnOne = _binary.Matching.Include.Count > 0;
        var results = new Dictionary<Labels, int>();
        for (int many = 0; many < _groups.Length; many++)
        {
            ReadOnlySpan<int> partners = _one.Members(_groups[many]);
            foreach (int one in dependsOnOne ? partners : partners[..Math.Min(1, partners.Length)])
            {
                Labels labels = ResultLabels(_many.Series[many], _one.LabelsOf(one));
                if (!results.TryGetValue(labels, out int result))
                {
                    result = _series.Count;
                    results.Add(labels, result);
                    _series.Add(labels);
                }

                _routes.Add((many, dependsOnOne && partners.Length > 1 ? one : -1, result));
            }
        }
    }

    private Labels ResultLabels(Labels many, Labels one)
    {
        VectorMatching matching = _binary.Matching;
        Labels labels = Arithmetic.DropsName(_binary) ? many.WithoutName() : many;
        if (matching.Cardinality == VectorCardinality.OneToOne)
        {
            return matching.On ? labels.Keep(matching.Labels) : labels.Without(matching.Labels);
        }

        return matching.Include.Aggregate(labels, (result, name) => result.With(name, one[name]));
    }

    private TrimmedSeries[] WorkOut(int steps)
    {
        _budget.Use((long)_series.Count * steps);
        double[][] results = [.. _series.Select(_ => Enumerable.Repeat(StepValues.Absent, steps).ToArray())];
        var matched = new HashSet<(int, int)>(); // (group or result, step)
        var values = new StepValues(steps);
        int route = 0;
        for (int many = 0; many < _groups.Length; many++)
        {
            _many.Next(values);
            int first = route;
            while (route < _routes.Count && _routes[route].Many == many)
            {
                route++;
            }

            for (int step = values.From; step < values.To; step++)
            {
                if (!StepValues.IsPresent(values[step]))
                {
                    continue;
                }

                _one.RequireUnique(step);
                double one = _one.At(_groups[many], step, out int series);
                if (series >= 0)
                {
                    int result = _routes.Slice(first, route - first).Find(r => r.One < 0 || r.One == series).Result;
                    RequireOneMatch(matched, _groups[many], result, step);
                    double value = Combine(values[step], one);
                    results[result][step] = StepValues.IsPresent(value) ? value : results[result][step];
                }
            }
        }

        return [.. results.Select(static values => new TrimmedSeries(0, values))];
    }

    private void RequireOneMatch(HashSet<(int, int)> matched, int group, int result, int step)
    {
        bool oneToOne = _binary.Matching.Cardinality == VectorCardinality.OneToOne;
        if (!matched.Add((oneToOne ? group : result, step)))
        {
            throw new QueryExecutionException(oneToOne
                ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                : "multiple matches for labels: grouping labels must ensure unique matches");
        }
    }

    private double Combine(double many, double one)
    {
        if (!StepValues.IsPresent(one))
        {
            return StepValues.Absent;
        }

        (double left, double right) = _binary.Matching.Cardinality == VectorCardinality.OneToMany ? (one, many) : (many, one);
        return Arithmetic.ApplyToElement(_binary.Operator, _binary.ReturnBool, left, right, left);
    }
}
