namespace HostAgent.Aggregator.Enrolment;

/// <summary>A host that holds a certificate: collection <c>enrolled-host</c>, key <see cref="HostId"/>, JSON. Fields only grow.</summary>
public sealed record EnrolledHost
{
    /// <summary>32 hex digits.</summary>
    public required string HostId { get; init; }

    /// <summary>Its name when it enrolled.</summary>
    public required string HostName { get; init; }

    /// <summary>From the token; added to all its series.</summary>
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>Serial number of its newest certificate, hex.</summary>
    public required string Serial { get; init; }

    /// <summary>Its end.</summary>
    public required long NotAfterUnixMs { get; init; }

    /// <summary>Fingerprint of the authority that signed it.</summary>
    public required string Authority { get; init; }

    /// <summary>When it enrolled, the last time.</summary>
    public required long EnrolledUnixMs { get; init; }

    /// <summary>When it got its newest certificate.</summary>
    public required long IssuedUnixMs { get; init; }

    /// <summary>The token it enrolled with.</summary>
    public required string TokenId { get; init; }
}
