namespace HostAgent.Aggregator.Auth;

/// <summary>How often somebody may ask: by token, or by address without one.</summary>
internal sealed class RequestRates(AuthOptions options, TimeProvider time)
{
    private readonly RateBuckets _requests = new(options.RequestsPerSecond, 2 * options.RequestsPerSecond, time);
    private readonly RateBuckets _changes = new(options.ChangesPerSecond, 2 * options.ChangesPerSecond, time);

    /// <summary>Counts one request.</summary>
    /// <returns>Null when it may be answered; otherwise how long to wait before the next.</returns>
    public TimeSpan? Take(Principal? principal, ClientAddress address, bool changes)
    {
        string who = principal?.TokenId is { } token ? "token " + token : "address " + address.Group;
        return _requests.Take(who) ?? (changes ? _changes.Take(who) : null);
    }
}
