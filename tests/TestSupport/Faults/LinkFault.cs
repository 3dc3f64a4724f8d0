namespace HostAgent.TestSupport.Faults;

/// <summary>How a proxied link treats the bytes that pass.</summary>
/// <param name="Frozen">Nothing passes in either direction and nothing is closed, until this is set back.</param>
/// <param name="BytesPerSecond">Most bytes per second in each direction of each connection; null: as fast as it can.</param>
/// <param name="Delay">How long each piece is held back.</param>
/// <param name="Refusing">New connections are closed at once.</param>
public sealed record LinkFault(bool Frozen = false, int? BytesPerSecond = null, TimeSpan Delay = default, bool Refusing = false)
{
    /// <summary>A healthy link.</summary>
    public static LinkFault None { get; } = new();
}
