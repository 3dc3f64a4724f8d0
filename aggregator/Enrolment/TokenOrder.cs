namespace HostAgent.Aggregator.Enrolment;

/// <summary>What a new token is to be.</summary>
public sealed record TokenOrder
{
    /// <summary>Who asks, for the list.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>How long it is good for; null: <see cref="EnrolmentOptions.TokenLifetime"/>.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Labels of the host that uses it, added to all its series; the host cannot change them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it may enrol a host that holds a valid certificate already, such as one that was installed anew. Without it, a stolen
    /// token cannot take the place of a host that exists.</summary>
    public bool MayReplace { get; init; }
}
