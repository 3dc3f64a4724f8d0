using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Evaluation.Aggregations;

/// <summary>The best k values of a group at one step, the worst of them on top. NaN is worse than everything.</summary>
internal sealed class RankHeap(AggregateOperator @operator, int limit)
{
    private readonly List<(int Series, double Value)> _heap = [];

    /// <summary>Takes a value, or refuses it; an equal one that came before stays. True when the heap has grown.</summary>
    public bool Offer(int series, double value)
    {
        if (_heap.Count < limit)
        {
            _heap.Add((series, value));
            if (@operator != AggregateOperator.Limitk)
            {
                SiftUp(_heap.Count - 1);
            }

            return true;
        }

        double worst = _heap[0].Value;
        bool better = @operator == AggregateOperator.Topk ? worst < value : @operator == AggregateOperator.Bottomk && worst > value;
        if (better || (@operator != AggregateOperator.Limitk && double.IsNaN(worst) && !double.IsNaN(value)))
        {
            _heap[0] = (series, value);
            SiftDown();
        }

        return false;
    }

    /// <summary>What was kept, best first; for limitk in the order of arrival.</summary>
    public IEnumerable<(int Series, double Value)> BestFirst()
        => @operator == AggregateOperator.Limitk ? _heap : _heap.Order(Comparer<(int Series, double Value)>.Create((a, b) =>
            IsWorse(b.Value, a.Value) ? (IsWorse(a.Value, b.Value) ? 0 : -1) : IsWorse(a.Value, b.Value) ? 1 : a.Series.CompareTo(b.Series)));

    private bool IsWorse(double a, double b) => double.IsNaN(a) || (@operator == AggregateOperator.Topk ? a < b : a > b);

    private void SiftUp(int at)
    {
        while (at > 0 && IsWorse(_heap[at].Value, _heap[(at - 1) / 2].Value))
        {
            (_heap[at], _heap[(at - 1) / 2]) = (_heap[(at - 1) / 2], _heap[at]);
            at = (at - 1) / 2;
        }
    }

    private void SiftDown()
    {
        int at = 0;
        while ((2 * at) + 1 < _heap.Count)
        {
            int child = (2 * at) + 1;
            child += child + 1 < _heap.Count && IsWorse(_heap[child + 1].Value, _heap[child].Value) ? 1 : 0;
            if (!IsWorse(_heap[child].Value, _heap[at].Value))
            {
                return;
            }

            (_heap[at], _heap[child]) = (_heap[child], _heap[at]);
            at = child;
        }
    }
}
