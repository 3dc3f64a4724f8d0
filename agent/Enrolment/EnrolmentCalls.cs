using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Agent.Streaming;
using HostAgent.Protos.Enrolment;
using HostAgent.V1;

namespace HostAgent.Agent.Enrolment;

/// <summary>The conversation with the aggregator about certificates.</summary>
internal sealed class EnrolmentCalls(StreamingOptions options, HostIdentity identity, TimeProvider time)
{
    /// <summary>Asks for the first certificate. The token's secret goes only to a server whose certificate comes from the authority that the token
    /// names.</summary>
    /// <exception cref="RpcException">No connection, or refused.</exception>
    /// <exception cref="NotEnrolledException">The server does not belong to that authority: the secret was not sent.</exception>
    public async Task<HeldCertificate> EnrolAsync(TokenText token, ECDsa key, CancellationToken cancellation)
    {
        using var authority = await PinnedAuthorityAsync(token, cancellation).ConfigureAwait(false);
        using var channel = AggregatorChannel.OpenPinned(options, new ChannelTrust(null, [authority]));
        var request = new EnrolRequest
        {
            TokenId = token.Id,
            TokenSecret = token.Secret,
            CertificateRequest = Request(key),
            HostId = identity.HostId,
            HostName = identity.HostName,
            AgentVersion = identity.AgentVersion,
        };
        var client = new V1.Enrolment.EnrolmentClient(channel);
        return Hold(await client.EnrolAsync(request, deadline: Deadline(), cancellationToken: cancellation).ConfigureAwait(false), key);
    }

    /// <summary>Asks for the next certificate, with a new key, on a connection that shows the present one.</summary>
    /// <exception cref="RpcException">No connection, or refused.</exception>
    public async Task<HeldCertificate> RenewAsync(GrpcChannel channel, CancellationToken cancellation)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new RenewRequest { CertificateRequest = Request(key), AgentVersion = identity.AgentVersion };
        var client = new V1.Enrolment.EnrolmentClient(channel);
        return Hold(await client.RenewAsync(request, deadline: Deadline(), cancellationToken: cancellation).ConfigureAwait(false), key);
    }

    // Whoever answers here is not known yet, so nothing is told and nothing believed but a certificate with the right fingerprint.
    private async Task<X509Certificate2> PinnedAuthorityAsync(TokenText token, CancellationToken cancellation)
    {
        using var channel = AggregatorChannel.OpenUnverified(options);
        var client = new V1.Enrolment.EnrolmentClient(channel);
        var reply = await client.AuthoritiesAsync(new AuthoritiesRequest(), deadline: Deadline(), cancellationToken: cancellation).ConfigureAwait(false);
        foreach (var bytes in reply.Authorities)
        {
            if (TryLoad(bytes) is { } authority)
            {
                if (AuthorityFingerprint.Of(authority) == token.Fingerprint)
                {
                    return authority;
                }

                authority.Dispose();
            }
        }

        throw new NotEnrolledException(
            $"the authority of the server that answers is not the one that enrolment token {token.Id} names. The token is for another aggregator, or somebody sits in between; "
            + "the token's secret was not sent");
    }

    private static X509Certificate2? TryLoad(ByteString bytes)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(bytes.Span);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static HeldCertificate Hold(EnrolReply reply, ECDsa key)
    {
        try
        {
            using var bare = X509CertificateLoader.LoadCertificate(reply.Certificate.Span);
            return new HeldCertificate(
                bare.CopyWithPrivateKey(key), // throws when it is not for this key
                [.. reply.Authorities.Select(one => X509CertificateLoader.LoadCertificate(one.Span))],
                DateTimeOffset.FromUnixTimeMilliseconds(reply.RenewAfterUnixMs));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"the aggregator's answer is no certificate for this host's key: {error.Message}"));
        }
    }

    private ByteString Request(ECDsa key)
        => ByteString.CopyFrom(new CertificateRequest($"CN={identity.HostId}", key, HashAlgorithmName.SHA256).CreateSigningRequest());

    private DateTime Deadline() => time.GetUtcNow().UtcDateTime + options.ConnectTimeout;
}
