using System.Collections;
using System.Text;

namespace HostAgent.Aggregator.Storage;

/// <summary>The labels of a series: immutable, sorted by name (ordinal), each name once, no empty values. The metric name is not among
/// them: it stands beside the set (<see cref="SeriesInfo.Metric"/>), and only a <see cref="LabelMatcher"/> calls it <c>__name__</c>.</summary>
public sealed class LabelSet : IReadOnlyList<LabelPair>, IEquatable<LabelSet>
{
    /// <summary>No labels.</summary>
    public static readonly LabelSet Empty = new([]);

    private readonly LabelPair[] _sorted;
    private readonly int _hash;

    private LabelSet(LabelPair[] sorted)
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

    /// <inheritdoc/>
    public int Count => _sorted.Length;

    /// <inheritdoc/>
    public LabelPair this[int index] => _sorted[index];

    /// <summary>The value of the label, or "" when the set has none of that name (as matchers and PromQL see it).</summary>
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

    /// <summary>Sorts and checks <paramref name="pairs"/>; pairs with an empty value are left out. Throws <see cref="ArgumentException"/>
    /// naming a label that stands in it twice.</summary>
    public static LabelSet From(IEnumerable<LabelPair> pairs)
    {
        LabelPair[] sorted = [.. pairs.Where(p => p.Value.Length > 0)];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Name == sorted[i - 1].Name)
            {
                throw new ArgumentException($"label {sorted[i].Name} stands twice", nameof(pairs));
            }
        }

        return sorted.Length == 0 ? Empty : new LabelSet(sorted);
    }

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) => other is not null && _hash == other._hash && _sorted.AsSpan().SequenceEqual(other._sorted);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public IEnumerator<LabelPair> GetEnumerator() => ((IEnumerable<LabelPair>)_sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _sorted.GetEnumerator();

    /// <summary>As people write it: <c>{cpu="0",mode="idle"}</c>, with backslash, quote and line feed escaped as in the Prometheus text format.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (LabelPair pair in _sorted)
        {
            text.Append(text.Length > 1 ? "," : "").Append(pair.Name).Append("=\"")
                .Append(pair.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.Append('}').ToString();
    }
}
