namespace HostAgent.Agent.Sampling;

/// <summary>One series that is there only while there is something to tell: no data is never zero.</summary>
internal sealed class OptionalSeries(Metric metric, params (string Name, string Value)[] labels)
{
    private int _id = -1;

    /// <summary>Stores a raw value; the series begins with the first.</summary>
    public void Set(Tick tick, long raw)
    {
        if (_id < 0)
        {
            _id = tick.Table.Add(tick.Group, metric, labels);
        }

        tick.Table.Set(_id, raw);
    }

    /// <summary>Stores the value of a metric that is a float.</summary>
    public void SetFloat(Tick tick, double value) => Set(tick, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Stores the value when there is one, and ends the series when there is none.</summary>
    public void SetOrEnd(Tick tick, bool has, long raw)
    {
        if (has)
        {
            Set(tick, raw);
        }
        else
        {
            End(tick.Table);
        }
    }

    /// <summary>There is nothing to tell any more; ending what has not begun is harmless.</summary>
    public void End(SeriesTable table)
    {
        if (_id >= 0)
        {
            table.End(_id);
            _id = -1;
        }
    }
}
