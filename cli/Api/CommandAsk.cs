namespace HostAgent.Cli.Api;

/// <summary>The body of POST /v1/commands; the aggregator's OpenAPI document says what the members mean.</summary>
internal sealed record CommandAsk
{
    public string? Id { get; init; }

    public required string Kind { get; init; }

    public required Dictionary<string, string> Args { get; init; }

    public required string On { get; init; }

    public string? ExpiresIn { get; init; }

    public long? NotBeforeUnixMs { get; init; }

    public long? NotAfterUnixMs { get; init; }

    public string? Timeout { get; init; }

    public string? Precondition { get; init; }

    public bool? DryRun { get; init; }

    public bool? SkipUnfit { get; init; }

    public RolloutAsk? Rollout { get; init; }

    public SignatureAsk[]? Signatures { get; init; }
}
