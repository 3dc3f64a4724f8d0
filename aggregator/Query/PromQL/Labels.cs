using System.Text;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Query.PromQL;

/// <summary>The labels of a series in an expression: immutable, sorted by name (ordinal), no empty values. The metric name is one of them,
/// <c>__name__</c>, for expressions add and remove it like any other.</summary>
internal sealed class Labels : IEquatable<Labels>, IComparable<Labels>
{
    /// <summary>No labels.</summary>
    public static readonly Labels Empty = new([]);

    private readonly LabelPair[] _sorted;
    private readonly int _hash;

    private Labels(LabelPair[] sorted)
    {
        _sorted = sorted;
        var hash = new HashCode();
        foreach (LabelPair pair in sorted)
        {
            hash.Add(pair.Name, StringComparer.Ordinal);
            hash.Add(pair.Value, StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>Name and value of each, by name.</summary>
    public IReadOnlyList<LabelPair> Pairs => _sorted;

    /// <summary>The value of the label, "" when there is none of that name.</summary>
    public string this[string name]
    {
        get
        {
            foreach (LabelPair pair in _sorted)
            {
                if (string.Equals(pair.Name, name, StringComparison.Ordinal))
                {
                    return pair.Value;
                }
            }

            return "";
        }
    }

    /// <summary>Sorts <paramref name="pairs"/> and leaves out those with an empty value. Names must differ.</summary>
    public static Labels From(IEnumerable<LabelPair> pairs)
    {
        LabelPair[] sorted = [.. pairs.Where(static p => p.Value.Length > 0)];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return sorted.Length == 0 ? Empty : new Labels(sorted);
    }

    /// <summary>Without the metric name.</summary>
    public Labels WithoutName() => Filter(static pair => pair.Name != LabelMatcher.MetricName);

    /// <summary>Without those of the given names.</summary>
    public Labels Without(IReadOnlyList<string> names) => Filter(pair => !names.Contains(pair.Name));

    /// <summary>Without those of the given names and the metric name.</summary>
    public Labels WithoutNameAnd(IReadOnlyList<string> names) => Filter(pair => pair.Name != LabelMatcher.MetricName && !names.Contains(pair.Name));

    /// <summary>Only those of the given names.</summary>
    public Labels Keep(IReadOnlyList<string> names) => Filter(pair => names.Contains(pair.Name));

    /// <summary>With one label set; an empty value removes it.</summary>
    public Labels With(string name, string value) => From(_sorted.Where(pair => pair.Name != name).Append(new LabelPair(name, value)));

    /// <inheritdoc/>
    public bool Equals(Labels? other) => other is not null && _hash == other._hash && _sorted.AsSpan().SequenceEqual(other._sorted);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(Labels? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (int i = 0; i < Math.Min(_sorted.Length, other._sorted.Length); i++)
        {
            int order = string.CompareOrdinal(_sorted[i].Name, other._sorted[i].Name);
            order = order != 0 ? order : string.CompareOrdinal(_sorted[i].Value, other._sorted[i].Value);
            if (order != 0)
            {
                return order;
            }
        }

        return _sorted.Length - other._sorted.Length;
    }

    /// <summary>As error messages show them: <c>{__name__="up", host="web1"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (LabelPair pair in _sorted)
        {
            text.Append(text.Length > 1 ? ", " : "").Append(ExpressionPrinter.LabelName(pair.Name)).Append('=').Append(GoText.Quote(pair.Value));
        }

        return text.Append('}').ToString();
    }

    private Labels Filter(Func<LabelPair, bool> keeps)
    {
        LabelPair[] kept = Array.FindAll(_sorted, pair => keeps(pair));
        return kept.Length == _sorted.Length ? this : kept.Length == 0 ? Empty : new Labels(kept);
    }
}
