namespace HostAgent.Aggregator.Storage;

/// <summary>Names one series for as long as the store lives. Positive, given out in order of first appearance, never used again.</summary>
public readonly record struct SeriesId(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
