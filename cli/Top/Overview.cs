namespace HostAgent.Cli.Top;

/// <summary>All hosts at one instant: what <c>hostctl top</c> shows, and its JSON.</summary>
/// <param name="Aggregator">URL of the API.</param>
/// <param name="Time">The aggregator's clock.</param>
/// <param name="Hosts">In the order asked for.</param>
internal sealed record Overview(string Aggregator, DateTimeOffset Time, IReadOnlyList<HostVitals> Hosts);
