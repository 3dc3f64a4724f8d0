namespace HostAgent.Aggregator.Hosts;

/// <summary>Whether a host is heard from.</summary>
public enum Liveness
{
    /// <summary>Its live lane is connected and its newest live sample is younger than <see cref="HostOptions.StaleAfter"/>.</summary>
    Up,

    /// <summary>Connected but silent, or gone for less than <see cref="HostOptions.DownAfter"/>.</summary>
    Stale,

    /// <summary>Nothing heard for <see cref="HostOptions.DownAfter"/> or longer.</summary>
    Down,
}
