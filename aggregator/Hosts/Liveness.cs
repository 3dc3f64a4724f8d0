namespace HostAgent.Aggregator.Hosts;

/// <summary>Whether a host is heard from.</summary>
public enum Liveness
{
    /// <summary>Its live lane is connected and its newest live sample is younger than <see cref="LivenessOptions.StaleAfter"/>.</summary>
    Up,

    /// <summary>Connected but silent, or gone for less than <see cref="LivenessOptions.DownAfter"/>.</summary>
    Stale,

    /// <summary>Nothing heard for <see cref="LivenessOptions.DownAfter"/> or longer.</summary>
    Down,
}
