namespace HostAgent.Agent.Configuration;

/// <summary>Guesses what somebody meant who mistyped a name.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean "x"?</c>, or what there is when nothing is near.</summary>
    public static string For(string wrong, IEnumerable<string> names)
    {
        var known = names.ToArray();
        var nearest = known.MinBy(name => Distance(wrong, name));
        return nearest is not null && Distance(wrong, nearest) <= Math.Max(2, wrong.Length / 3)
            ? $"; did you mean \"{nearest}\"?"
            : $"; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}";
    }

    /// <summary>Letters to insert, delete or replace (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
