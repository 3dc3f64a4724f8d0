namespace HostAgent.Aggregator.Auth;

/// <summary>Limits of the room.</summary>
internal sealed record AuthOptions
{
    /// <summary>The longest life of a token. Default 366 days.</summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromDays(366);

    /// <summary>How long a token lives when nothing is said. Default 90 days.</summary>
    public TimeSpan DefaultTokenLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>A session in a browser ends after this long without a request. Default 12 hours.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(12);

    /// <summary>A session in a browser ends this long after the login at the latest. Default 7 days.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Open sessions at a time; one more ends the one that was idle for longest. Default 1,000.</summary>
    public int MaxSessions { get; init; } = 1000;

    /// <summary>Failures of one address with one token id within <see cref="FailureWindow"/> that lock the two out together. Default 5.</summary>
    public int MaxFailuresOfToken { get; init; } = 5;

    /// <summary>Failures of one address, whatever it shows, that lock it out. Not on loopback, which all programs of this machine share.
    /// Default 50.</summary>
    public int MaxFailuresOfAddress { get; init; } = 50;

    /// <summary>How long a failure counts. Default 15 minutes.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The first lock-out; each further one, without a success in between, is twice as long. Default 1 minute.</summary>
    public TimeSpan FirstLockOut { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest lock-out. Default 1 hour.</summary>
    public TimeSpan LongestLockOut { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Requests per second of one principal or, without one, address. Default 200; bursts of twice as many pass.</summary>
    public double RequestsPerSecond { get; init; } = 200;

    /// <summary>Mutating requests per second of one principal. Default 50; bursts of twice as many pass.</summary>
    public double ChangesPerSecond { get; init; } = 50;
}
