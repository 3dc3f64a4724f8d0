using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Commands.Reflexes;

/// <summary>Compares the samples of every tick with the conditions of the reflexes. Allocates only when series come or go, or when a reflex fires.</summary>
internal sealed class ReflexWatch : ITickConsumer
{
    private readonly ITickConsumer _inner;
    private readonly Watched[] _watched;
    private long _version = -1;

    /// <param name="inner">Where the tick goes first.</param>
    /// <param name="rules">The reflexes.</param>
    /// <param name="order">Called on a pool thread when one fires.</param>
    public ReflexWatch(ITickConsumer inner, IReadOnlyList<ReflexRule> rules, Action<ReflexRule> order)
    {
        _inner = inner;
        _watched = [.. rules.Select(rule => new Watched(rule, order))];
    }

    /// <inheritdoc/>
    public void OnTick(long timeUnixMs, ReadOnlySpan<int> groups, SeriesTable table)
    {
        _inner.OnTick(timeUnixMs, groups, table);
        if (_version != table.Version)
        {
            _version = table.Version;
            foreach (Watched one in _watched)
            {
                one.Find(table);
            }
        }

        foreach (Watched one in _watched)
        {
            one.Look(groups, table.Raw);
        }
    }

    /// <summary>One reflex and the series that its condition is about, each with the number of samples in a row for which it has held.</summary>
    private sealed class Watched(ReflexRule rule, Action<ReflexRule> order) : IThreadPoolWorkItem
    {
        private Dictionary<Series, int> _heldBefore = [];
        private Series[] _series = [];
        private int[] _held = [];

        public void Find(SeriesTable table)
        {
            for (int i = 0; i < _series.Length; i++)
            {
                _heldBefore[_series[i]] = _held[i];
            }

            var found = new List<Series>();
            for (int id = 0; id < table.Count; id++)
            {
                if (!table[id].Ended && rule.When.Fits(table[id]))
                {
                    found.Add(table[id]);
                }
            }

            _series = [.. found];
            _held = [.. found.Select(one => _heldBefore.GetValueOrDefault(one))];
            _heldBefore = [];
        }

        public void Look(ReadOnlySpan<int> groups, ReadOnlySpan<long> raw)
        {
            bool fires = false;
            for (int i = 0; i < _series.Length; i++)
            {
                Series one = _series[i];
                if (groups.BinarySearch(one.Group) < 0)
                {
                    continue;
                }

                _held[i] = rule.When.Holds(one.Metric.ValueOf(raw[one.Id])) ? _held[i] + 1 : 0;
                fires |= _held[i] >= rule.Ticks;
            }

            if (fires)
            {
                // It has to hold as long again before it fires again: the effect needs its time too.
                Array.Clear(_held);
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        public void Execute() => order(rule);
    }
}
