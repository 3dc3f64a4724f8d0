namespace HostAgent.Aggregator.Enrolment;

/// <summary>Which host is at the other end of a connection: proven by its certificate.</summary>
/// <param name="HostId">32 hex digits.</param>
/// <param name="Serial">Of the certificate, hex.</param>
/// <param name="NotAfter">Its end; calls end then, too.</param>
internal sealed record HostCertificate(string HostId, string Serial, DateTimeOffset NotAfter);
