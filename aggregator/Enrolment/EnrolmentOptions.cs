namespace HostAgent.Aggregator.Enrolment;

/// <summary>How long what is handed out is good for.</summary>
public sealed record EnrolmentOptions
{
    /// <summary>Life of a host's certificate; hosts renew at two thirds of it. From 3 s to 1 year; default 7 days.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long after its end a certificate may still be used to renew it, and for nothing else; default 30 days. An aggregator that was
    /// away for longer than the hosts' certificates live does not lose its fleet.</summary>
    public TimeSpan RenewalGrace { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Life of a token that does not say otherwise; default 1 h.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Longest life a token may have; default 30 days.</summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromDays(30);
}
