namespace HostAgent.Agent.Enrolment;

/// <summary>Where an enrolment token comes from. It is needed once; afterwards the host's certificate is renewed with itself.</summary>
public sealed record EnrolmentOptions
{
    /// <summary>File that holds a token. Read when the host has no certificate that the aggregator accepts. Null: none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The token itself, from the environment; stands above the file. Null: none.</summary>
    public string? Token { get; init; }
}
