using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Enrolment;
using HostAgent.V1;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Hands out hosts' certificates: the first for a token, later ones for the one before. What is handed out is durable first.</summary>
internal sealed partial class EnrolmentDesk(
    EnrolmentTokens tokens, EnrolledHosts hosts, HostRevocations revocations, ClientCertificates certificates, Func<AuthoritySet> authorities,
    IDocumentStore documents, IAuditLog audit, EnrolmentOptions options, TimeProvider time, ILogger<EnrolmentDesk> log)
{
    private const int MaxNameLength = 253;
    private readonly Lock _gate = new();

    /// <summary>What every host is to trust now.</summary>
    public AuthoritiesReply Authorities()
    {
        var reply = new AuthoritiesReply();
        reply.Authorities.AddRange(authorities().Trusted.Select(static a => ByteString.CopyFrom(a.RawData)));
        return reply;
    }

    /// <summary>A token for a certificate. A token is used up only when the host gets one; the audit has it in the same commit.</summary>
    /// <param name="request">What the host asks.</param>
    /// <param name="origin">From which address, for the audit.</param>
    /// <exception cref="EnrolmentRefusedException">It does not get one.</exception>
    public EnrolReply Enrol(EnrolRequest request, string origin)
    {
        using ECDsa key = SigningRequest.KeyOf(request.CertificateRequest.Span);
        byte[] keyHash = SHA256.HashData(key.ExportSubjectPublicKeyInfo());
        if (!HostIdText.IsValid(request.HostId))
        {
            throw new EnrolmentRefusedException(false, "host_id must be 32 lower-case hex digits", isMalformed: true);
        }

        if (request.HostName.Length is 0 or > MaxNameLength || request.HostName.Any(char.IsControl))
        {
            throw new EnrolmentRefusedException(false, $"host_name must have 1 to {MaxNameLength} characters", isMalformed: true);
        }

        lock (_gate)
        {
            TokenRecord token = tokens.Check(request.TokenId, request.TokenSecret, keyHash, request.HostId);
            RefuseRevoked(request.HostId);
            RefuseTaken(request.HostId, token);
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            using X509Certificate2 certificate = certificates.Issue(key, request.HostId, options.CertificateLifetime);
            EnrolledHost host = Describe(certificate, new EnrolledHost
            {
                HostId = request.HostId,
                HostName = request.HostName,
                Labels = token.Labels,
                Serial = "",
                NotAfterUnixMs = 0,
                Authority = "",
                EnrolledUnixMs = now,
                IssuedUnixMs = now,
                TokenId = token.Id,
            });
            audit.Append(
                new AuditEntry
                {
                    Actor = $"host {host.HostName}",
                    Origin = origin,
                    Action = "host.enrol",
                    Target = host.HostId,
                    Details = new Dictionary<string, string> { ["enrolment token"] = token.Id, ["made by"] = token.CreatedBy, ["certificate"] = host.Serial },
                },
                tokens.UsedBy(token, request.HostId, keyHash),
                EnrolledHosts.Change(host));
            hosts.Committed(host);
            tokens.TellUsed(token.Id);
            DateTime end = certificate.NotAfter.ToUniversalTime();
            LogEnrolled(host.HostName, host.HostId, token.Id, host.Serial, end);
            return Reply(certificate, host);
        }
    }

    /// <summary>A certificate for the one before it.</summary>
    /// <exception cref="EnrolmentRefusedException">The request is wrong, or the host was never enrolled here.</exception>
    public EnrolReply Renew(HostCertificate before, RenewRequest request)
    {
        using ECDsa key = SigningRequest.KeyOf(request.CertificateRequest.Span);
        lock (_gate)
        {
            RefuseRevoked(before.HostId);
            EnrolledHost known = hosts.Find(before.HostId)
                ?? throw new EnrolmentRefusedException(true, $"host {before.HostId} is not enrolled here: enrol it again");
            using X509Certificate2 certificate = certificates.Issue(key, before.HostId, options.CertificateLifetime);
            EnrolledHost host = Describe(certificate, known with { IssuedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds() });
            documents.Commit([EnrolledHosts.Change(host)]);
            hosts.Committed(host);
            DateTime end = certificate.NotAfter.ToUniversalTime();
            LogRenewed(host.HostName, host.HostId, host.Serial, end);
            return Reply(certificate, host);
        }
    }

    private void RefuseRevoked(string hostId)
    {
        if (revocations.Find(hostId) is { } revocation)
        {
            throw new EnrolmentRefusedException(true, revocation.InWords);
        }
    }

    // A stolen token must not take the place of a host that exists.
    private void RefuseTaken(string hostId, TokenRecord token)
    {
        if (!token.MayReplace && token.UsedUnixMs is null && hosts.Find(hostId) is { } known && known.NotAfterUnixMs > time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            throw new EnrolmentRefusedException(
                true,
                $"host {hostId} ({known.HostName}) is enrolled already, until {DateTimeOffset.FromUnixTimeMilliseconds(known.NotAfterUnixMs):u}. If this is that host, installed anew, "
                + "it needs a token that may replace it; if it is a clone, stop its agent and delete the state that was copied with it first");
        }
    }

    private EnrolledHost Describe(X509Certificate2 certificate, EnrolledHost host) => host with
    {
        Serial = certificate.SerialNumber,
        NotAfterUnixMs = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()).ToUnixTimeMilliseconds(),
        Authority = AuthorityFingerprint.Of(authorities().ForHosts),
    };

    private EnrolReply Reply(X509Certificate2 certificate, EnrolledHost host)
    {
        var reply = new EnrolReply
        {
            Certificate = ByteString.CopyFrom(certificate.RawData),
            RenewAfterUnixMs = host.IssuedUnixMs + ((host.NotAfterUnixMs - host.IssuedUnixMs) * 2 / 3),
        };
        reply.Authorities.AddRange(authorities().Trusted.Select(static a => ByteString.CopyFrom(a.RawData)));
        reply.Labels.AddRange(host.Labels.Select(static l => new Label { Name = l.Key, Value = l.Value }));
        return reply;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Host {Name} ({HostId}) enrolled with token {Token}; certificate {Serial} until {NotAfter:u}")]
    private partial void LogEnrolled(string name, string hostId, string token, string serial, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Information, Message = "Host {Name} ({HostId}) renewed; certificate {Serial} until {NotAfter:u}")]
    private partial void LogRenewed(string name, string hostId, string serial, DateTime notAfter);
}
