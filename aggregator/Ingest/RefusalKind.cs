namespace HostAgent.Aggregator.Ingest;

/// <summary>What an agent can do about a refusal.</summary>
internal enum RefusalKind
{
    /// <summary>It is wrong; trying the same again cannot help.</summary>
    Invalid,

    /// <summary>It is over a limit; less would pass.</summary>
    OverLimit,

    /// <summary>A newer run of the same agent has taken its place.</summary>
    Replaced,

    /// <summary>A newer run of an agent with this identity is connected.</summary>
    NotTheNewest,

    /// <summary>Another machine uses the same identity and keeps it.</summary>
    Duplicate,

    /// <summary>The aggregator is going down or cannot store; later is fine.</summary>
    Unavailable,
}
