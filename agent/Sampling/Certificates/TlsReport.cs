namespace HostAgent.Agent.Sampling.Certificates;

/// <summary>What one look at a file or an endpoint has found.</summary>
internal sealed record TlsReport
{
    /// <summary>Certificates at most of which something is told.</summary>
    public const int MaxCertificates = 8;

    /// <summary>Why there is nothing to tell: one of <see cref="Reasons"/>; null: all went well.</summary>
    public string? Failure { get; init; }

    /// <summary>The certificates, the first of the file or the server's own first.</summary>
    public IReadOnlyList<CertificateFacts> Certificates { get; init; } = [];

    /// <summary>Whether the chain leads to a trusted authority; null: not asked, as for a file.</summary>
    public bool? IsChainValid { get; init; }

    /// <summary>What is wrong with the chain, in the runtime's words, for example UntrustedRoot or NotTimeValid; null: nothing.</summary>
    public string? ChainProblem { get; init; }

    /// <summary>Whether the certificate is for the name; null: not asked.</summary>
    public bool? IsNameRight { get; init; }

    /// <summary>How long connecting and the handshake took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Why a look may fail.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
        ["missing", "forbidden", "format", "refused", "timeout", "unreachable", "name", "handshake", "other"];
}
