using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Streaming;

/// <summary>The enrolment service of a <see cref="ScriptedAggregator"/>: signs whatever it is asked to.</summary>
internal sealed class ScriptedEnrolment(ScriptedAggregator script) : V1.Enrolment.EnrolmentBase
{
    public override Task<AuthoritiesReply> Authorities(AuthoritiesRequest request, ServerCallContext context)
        => Task.FromResult(new AuthoritiesReply { Authorities = { ByteString.CopyFrom((script.ShownAuthority ?? script.Ca).RawData) } });

    public override Task<EnrolReply> Enrol(EnrolRequest request, ServerCallContext context)
    {
        script.Enrolments.Enqueue(request);
        return Task.FromResult(script.OnEnrol?.Invoke(request) ?? Sign(script, request.CertificateRequest));
    }

    public override Task<EnrolReply> Renew(RenewRequest request, ServerCallContext context)
    {
        script.Renewals.Enqueue(context.GetHttpContext().Connection.ClientCertificate?.Thumbprint ?? "none");
        return Task.FromResult(Sign(script, request.CertificateRequest));
    }

    public static EnrolReply Sign(ScriptedAggregator script, ByteString request)
    {
        var asked = CertificateRequest.LoadSigningRequest(request.ToByteArray(), HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = asked.Create(script.Ca, now.AddHours(-1), now + script.CertificateLifetime, RandomNumberGenerator.GetBytes(8));
        return new EnrolReply
        {
            Certificate = ByteString.CopyFrom(certificate.RawData),
            Authorities = { ByteString.CopyFrom(script.Ca.RawData) },
            RenewAfterUnixMs = (now + (script.CertificateLifetime * 2 / 3)).ToUnixTimeMilliseconds(),
        };
    }
}
