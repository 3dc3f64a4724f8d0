namespace HostAgent.Aggregator.Storage;

/// <summary>The order in which selections come: metric, then labels, ordinal.</summary>
internal static class SeriesOrder
{
    public static int Compare(SeriesInfo left, SeriesInfo right)
    {
        int order = string.CompareOrdinal(left.Metric, right.Metric);
        for (int i = 0; order == 0 && i < Math.Min(left.Labels.Count, right.Labels.Count); i++)
        {
            order = string.CompareOrdinal(left.Labels[i].Name, right.Labels[i].Name);
            order = order != 0 ? order : string.CompareOrdinal(left.Labels[i].Value, right.Labels[i].Value);
        }

        return order != 0 ? order : left.Labels.Count - right.Labels.Count;
    }
}
