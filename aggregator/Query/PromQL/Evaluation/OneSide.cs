using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation;

/// <summary>The side of a vector match of which each group has one series at a time, kept in memory.</summary>
internal sealed class OneSide
{
    private readonly IReadOnlyList<Labels> _series;
    private readonly VectorMatching _matching;
    private readonly TrimmedSeries[] _values;
    private readonly int[][] _members; // per group, its series
    private Dictionary<int, (int Group, int First, int Second)>? _conflicts; // by step

    public OneSide(SeriesOperator input, int[] groups, int groupCount, VectorMatching matching, int steps, QueryBudget budget)
    {
        (_series, _matching) = (input.Series, matching);
        _values = KeptOperator.Keep(input, steps, budget);
        var members = new List<int>?[groupCount];
        for (int i = 0; i < groups.Length; i++)
        {
            (members[groups[i]] ??= []).Add(i);
        }

        _members = [.. members.Select(static m => m is null ? [] : m.ToArray())];
        for (int group = 0; group < groupCount; group++)
        {
            FindConflicts(group);
        }
    }

    /// <summary>Whether two series of a group have a value at the same step.</summary>
    public bool HasConflicts => _conflicts is not null;

    /// <summary>The series of a group.</summary>
    public ReadOnlySpan<int> Members(int group) => _members[group];

    /// <summary>Labels of a series.</summary>
    public Labels LabelsOf(int series) => _series[series];

    /// <summary>The one value of the group at the step, and whose it is; or <see cref="StepValues.Absent"/>.</summary>
    public double At(int group, int step, out int series)
    {
        foreach (int member in _members[group])
        {
            double value = _values[member].At(step);
            if (StepValues.IsPresent(value))
            {
                series = member;
                return value;
            }
        }

        series = -1;
        return StepValues.Absent;
    }

    /// <summary>Called for each step at which the other side has a value, whatever its group.</summary>
    /// <exception cref="QueryExecutionException">Two series of a group have a value at the step.</exception>
    public void RequireUnique(int step)
    {
        if (_conflicts is null || !_conflicts.TryGetValue(step, out (int Group, int First, int Second) conflict))
        {
            return;
        }

        Labels second = _series[conflict.Second];
        Labels group = _matching.On ? second.Keep(_matching.Labels) : second.WithoutNameAnd(_matching.Labels);
        string[] both = [_series[conflict.First].ToString(), second.ToString()];
        Array.Sort(both, StringComparer.Ordinal);
        string side = _matching.Cardinality == VectorCardinality.OneToMany ? "left" : "right";
        throw new QueryExecutionException(
            $"found duplicate series for the match group {group} on the {side} hand-side of the operation: [{both[0]}, {both[1]}]"
            + ";many-to-many matching not allowed: matching labels must be unique on one side");
    }

    private void FindConflicts(int group)
    {
        int[] members = _members[group];
        for (int i = 1; i < members.Length; i++)
        {
            TrimmedSeries later = _values[members[i]];
            for (int step = later.From; step < later.From + later.Values.Length; step++)
            {
                if (!StepValues.IsPresent(later.At(step)))
                {
                    continue;
                }

                for (int j = 0; j < i; j++)
                {
                    if (StepValues.IsPresent(_values[members[j]].At(step)))
                    {
                        (_conflicts ??= []).TryAdd(step, (group, members[j], members[i]));
                        break;
                    }
                }
            }
        }
    }
}
