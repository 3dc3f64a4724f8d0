namespace HostAgent.Agent.Sampling.Certificates;

/// <summary>The metrics of the tls sampler.</summary>
internal static class TlsMetrics
{
    public static readonly Metric Success = new("tls_check_success", MetricType.Gauge, "1 when the certificates could be had: the file read, or the handshake done.");
    public static readonly Metric Failures = new("tls_check_failures_total", MetricType.Counter, "Times that the certificates could not be had, by reason.");
    public static readonly Metric NotAfter = new("tls_certificate_not_after_seconds", MetricType.Gauge, "When the certificate expires, in seconds since 1970; position 0 is the first of the file, or the server's own.");
    public static readonly Metric NotBefore = new("tls_certificate_not_before_seconds", MetricType.Gauge, "When the certificate becomes valid, in seconds since 1970.");
    public static readonly Metric Info = new("tls_certificate_info", MetricType.Info, "Always 1: the labels say issuer, serial number and names of the certificate.");
    public static readonly Metric ChainValid = new("tls_chain_valid", MetricType.Gauge, "1 when the certificate that an endpoint shows leads to a trusted authority; the name is judged apart.");
    public static readonly Metric ChainProblem = new("tls_chain_problem", MetricType.Info, "Always 1: the label says what is wrong with the chain.");
    public static readonly Metric NameMatch = new("tls_name_match", MetricType.Gauge, "1 when the certificate that an endpoint shows is for the name that was asked for.");
    public static readonly Metric Handshake = new("tls_handshake_seconds", MetricType.Gauge, "How long connecting and the handshake took.", 1, 1_000_000);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All => [Success, Failures, NotAfter, NotBefore, Info, ChainValid, ChainProblem, NameMatch, Handshake];
}
