using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling;

/// <summary>The series of a <see cref="KeyedNumbers"/> file: one for each wanted key that the kernel has.</summary>
internal sealed class KeyedSeries
{
    private readonly (Metric Metric, (string Name, string Value)[] Labels)[] _of;
    private readonly int[] _ids;
    private int _version;

    /// <param name="metrics">In the order of the wanted keys.</param>
    public KeyedSeries(Metric[] metrics)
        : this([.. metrics.Select(metric => (metric, Array.Empty<(string, string)>()))])
    {
    }

    /// <param name="of">Metric and labels in the order of the wanted keys.</param>
    public KeyedSeries((Metric Metric, (string Name, string Value)[] Labels)[] of)
    {
        _of = of;
        _ids = new int[of.Length];
        Array.Fill(_ids, -1);
    }

    /// <summary>Stores the values that were just parsed; series come and go with their keys.</summary>
    public void Set(Tick tick, KeyedNumbers numbers)
    {
        if (_version != numbers.Version)
        {
            Announce(tick, numbers.Present);
            _version = numbers.Version;
        }

        ReadOnlySpan<long> values = numbers.Values;
        for (int i = 0; i < _ids.Length; i++)
        {
            if (_ids[i] >= 0)
            {
                tick.Table.Set(_ids[i], values[i]);
            }
        }
    }

    private void Announce(Tick tick, ReadOnlySpan<bool> present)
    {
        for (int i = 0; i < _ids.Length; i++)
        {
            if (present[i] && _ids[i] < 0)
            {
                _ids[i] = tick.Table.Add(tick.Group, _of[i].Metric, _of[i].Labels);
            }
            else if (!present[i] && _ids[i] >= 0)
            {
                tick.Table.End(_ids[i]);
                _ids[i] = -1;
            }
        }
    }
}
