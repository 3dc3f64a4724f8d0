using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>sort and its kin. They order the answer of an instant query; the series of a range query are always in order of labels.</summary>
internal static class Sorting
{
    /// <summary>sort, sort_desc: NaN comes last either way.</summary>
    public static SeriesOperator ByValue(Evaluator evaluator, CallExpression call, bool descending)
    {
        SeriesOperator input = evaluator.Vector(call.Arguments[0]);
        if (evaluator.Grid.Count != 1)
        {
            return input;
        }

        TrimmedSeries[] kept = KeptOperator.Keep(input, 1, evaluator.Context.Budget);
        return Reorder(input, kept, Enumerable.Range(0, kept.Length)
            .OrderBy(i => double.IsNaN(kept[i].At(0)))
            .ThenBy(i => descending ? -kept[i].At(0) : kept[i].At(0)));
    }

    /// <summary>sort_by_label, sort_by_label_desc: numbers inside labels count as numbers.</summary>
    public static SeriesOperator ByLabel(Evaluator evaluator, CallExpression call, bool descending)
    {
        SeriesOperator input = evaluator.Vector(call.Arguments[0]);
        if (evaluator.Grid.Count != 1)
        {
            return input;
        }

        string[] names = [.. call.Arguments.Skip(1).Select(Evaluator.Text)];
        Comparer<Labels> comparer = Comparer<Labels>.Create((a, b) =>
        {
            int order = names.Select(name => NaturalOrder.Compare(a[name], b[name])).FirstOrDefault(static o => o != 0);
            return order != 0 ? order : a.CompareTo(b);
        });
        TrimmedSeries[] kept = KeptOperator.Keep(input, 1, evaluator.Context.Budget);
        IEnumerable<int> all = Enumerable.Range(0, kept.Length);
        return Reorder(input, kept, descending ? all.OrderByDescending(i => input.Series[i], comparer) : all.OrderBy(i => input.Series[i], comparer));
    }

    private static KeptOperator Reorder(SeriesOperator input, TrimmedSeries[] kept, IEnumerable<int> order)
    {
        int[] indexes = [.. order];
        return new KeptOperator([.. indexes.Select(i => input.Series[i])], [.. indexes.Select(i => kept[i])]);
    }
}
