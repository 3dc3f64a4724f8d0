using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Tests.Ingest;
using HostAgent.Protos.Enrolment;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Trust;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Enrolment;

/// <summary>Who stands at the gRPC door with what, and what comes of it.</summary>
public sealed class RedTeamTests : IAsyncLifetime
{
    private const string Other = "ffffffffffffffffffffffffffffffff";
    private TrustRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await TrustRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Without_a_certificate_no_sample_gets_in()
    {
        Status refused = await _rig.RefusalAsync(null);
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("hostagent enrol", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_a_strangers_authority_is_none_even_when_it_bears_our_authoritys_name()
    {
        using TestAuthority ours = TestAuthority.Beside(_rig.CaFile);
        using TestAuthority stranger = TestAuthority.Stranger();
        using TestAuthority namesake = TestAuthority.Stranger(ours.Certificate.Subject);
        foreach (TestAuthority authority in new[] { stranger, namesake })
        {
            using X509Certificate2 forged = authority.Host(TrustRig.HostId);
            Status refused = await _rig.RefusalAsync(forged);
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
            Assert.Contains("does not come from an authority of this aggregator", refused.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_aggregators_own_certificate_is_no_hosts()
    {
        using var server = X509Certificate2.CreateFromPemFile(Path.Combine(_rig.Location, "server.crt"), Path.Combine(_rig.Location, "server.key"));
        Assert.Equal(StatusCode.Unauthenticated, (await _rig.RefusalAsync(server)).StatusCode);
        using TestAuthority ours = TestAuthority.Beside(_rig.CaFile);
        using X509Certificate2 wrongPurpose = ours.Host(TrustRig.HostId, purpose: "1.3.6.1.5.5.7.3.1");
        Assert.Equal(StatusCode.Unauthenticated, (await _rig.RefusalAsync(wrongPurpose)).StatusCode);
    }

    [Theory]
    [InlineData("urn:hostagent:operator:0123456789abcdef0123456789abcdef")]
    [InlineData("urn:hostagent:host:../../etc")]
    [InlineData("https://example.org")]
    public async Task A_certificate_that_names_no_host_is_no_hosts(string uri)
    {
        using TestAuthority ours = TestAuthority.Beside(_rig.CaFile);
        using X509Certificate2 odd = ours.Host(TrustRig.HostId, uri: uri);
        Status refused = await _rig.RefusalAsync(odd);
        Assert.Equal((StatusCode.Unauthenticated, "the client's certificate names no host"), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task A_certificate_that_has_ended_opens_nothing_but_its_renewal_and_that_not_for_ever()
    {
        using X509Certificate2 certificate = await _rig.EnrolAsync();
        _rig.Later(TimeSpan.FromDays(7));
        Status refused = await _rig.RefusalAsync(certificate);
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("ended at 2026-01-08", refused.Detail, StringComparison.Ordinal);

        _rig.Later(TimeSpan.FromDays(29));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new RenewRequest { CertificateRequest = Google.Protobuf.ByteString.CopyFrom(TrustRig.SigningRequest(key)) };
        using X509Certificate2 renewed = TrustRig.Certificate(await _rig.Enrolment(certificate).RenewAsync(request), key);
        using var call = await _rig.StreamAsync(renewed);

        _rig.Later(TimeSpan.FromDays(38));
        RpcException late = await Assert.ThrowsAsync<RpcException>(() => _rig.Enrolment(renewed).RenewAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.Unauthenticated, late.StatusCode);
    }

    [Fact]
    public async Task A_stolen_certificate_speaks_for_its_own_host_alone()
    {
        using X509Certificate2 certificate = await _rig.EnrolAsync();
        Status refused = await _rig.RefusalAsync(certificate, new TestAgent(Other).Hello());
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains($"belongs to host {TrustRig.HostId}", refused.Detail, StringComparison.Ordinal);
        Assert.Null(_rig.Service<Aggregator.Hosts.HostDirectory>().Find(Other));
    }

    [Fact]
    public async Task Renewal_needs_a_certificate_and_renews_that_host_alone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new RenewRequest { CertificateRequest = Google.Protobuf.ByteString.CopyFrom(TrustRig.SigningRequest(key)) };
        RpcException nobody = await Assert.ThrowsAsync<RpcException>(() => _rig.Enrolment().RenewAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.Unauthenticated, nobody.StatusCode);

        using X509Certificate2 certificate = await _rig.EnrolAsync();
        using X509Certificate2 renewed = TrustRig.Certificate(await _rig.Enrolment(certificate).RenewAsync(request), key);
        Assert.Equal(StatusCode.PermissionDenied, (await _rig.RefusalAsync(renewed, new TestAgent(Other).Hello())).StatusCode);
        using var call = await _rig.StreamAsync(renewed);
    }

    [Fact]
    public async Task The_list_of_services_is_for_hosts_and_the_health_check_for_everybody()
    {
        Assert.Equal(StatusCode.Unauthenticated, await StatusOfAsync("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo"));
        Assert.Equal(StatusCode.OK, await StatusOfAsync("grpc.health.v1.Health", "Check"));
    }

    [Theory]
    [InlineData("hostagent.v1.Telemetry", "Stream")]
    [InlineData("hostagent.v1.Enrolment", "Renew")]
    [InlineData("grpc.health.v1.Health", "Watch")]
    public async Task Whatever_is_called_needs_a_certificate_first(string service, string method)
        => Assert.Equal(StatusCode.Unauthenticated, await StatusOfAsync(service, method));

    [Fact]
    public async Task Revocation_ends_an_open_stream_within_two_seconds_and_outlives_a_restart()
    {
        using X509Certificate2 certificate = await _rig.EnrolAsync();
        using var call = await _rig.StreamAsync(certificate);
        using X509Certificate2 other = await _rig.EnrolAsync(Other);
        using var bystander = await _rig.StreamAsync(other, new TestAgent(Other, "web-2").Hello());
        Task<RpcException> ended = Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TrustRig.Deadline()));
        long revokedAt = TimeProvider.System.GetTimestamp();

        _rig.Revocations.Revoke(TrustRig.HostId, "laptop stolen", "anna");

        Status status = (await ended).Status;
        TimeSpan took = TimeProvider.System.GetElapsedTime(revokedAt);
        Assert.True(took < TimeSpan.FromSeconds(2), $"it took {took.TotalSeconds:0.0} s");
        Assert.Equal(StatusCode.PermissionDenied, status.StatusCode);
        Assert.Contains("was revoked at 2026-01-01 00:00:00Z by anna: laptop stolen", status.Detail, StringComparison.Ordinal);
        Assert.Equal(status.Detail, (await _rig.RefusalAsync(certificate)).Detail);
        Assert.True(_rig.Service<Aggregator.Hosts.HostDirectory>().Find(Other)!.LiveLaneConnected);

        await _rig.StartAgainAsync();
        Assert.Equal(StatusCode.PermissionDenied, (await _rig.RefusalAsync(certificate)).StatusCode);
        Assert.True(_rig.Revocations.Restore(TrustRig.HostId, "anna"));
        using var back = await _rig.StreamAsync(certificate);
    }

    [Fact]
    public async Task A_stream_ends_with_the_certificate_that_it_began_with()
    {
        await _rig.StartAgainAsync(TimeSpan.FromMinutes(2));
        using X509Certificate2 certificate = await _rig.EnrolAsync();
        using var call = await _rig.StreamAsync(certificate);
        Task<RpcException> ended = Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TrustRig.Deadline()));
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(ended.IsCompleted);
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Status status = (await ended).Status;
        Assert.Equal((StatusCode.Unauthenticated, "the certificate that this call began with has ended"), (status.StatusCode, status.Detail));
    }

    [Fact]
    public async Task The_authority_is_rotated_under_open_streams_and_no_host_is_touched()
    {
        using X509Certificate2 before = await _rig.EnrolAsync();
        using var open = await _rig.StreamAsync(before);
        using X509Certificate2 late = await _rig.EnrolAsync(Other);
        var files = new AuthorityFiles(_rig.Location, "x", _rig.Time, passphrase: null);

        AuthoritySet rotated = files.Rotate();
        await NoticedAsync(isRotating: true);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        EnrolReply reply = await _rig.Enrolment(before).RenewAsync(
            new RenewRequest { CertificateRequest = Google.Protobuf.ByteString.CopyFrom(TrustRig.SigningRequest(key)) });
        using X509Certificate2 renewed = TrustRig.Certificate(reply, key);

        Assert.Equal(rotated.Trusted.Select(a => a.Thumbprint), reply.Authorities.Select(a => X509CertificateLoader.LoadCertificate(a.Span).Thumbprint));
        Assert.Equal(rotated.ForHosts.Subject, renewed.Issuer);
        Assert.True(_rig.Service<Aggregator.Hosts.HostDirectory>().Find(TrustRig.HostId)!.LiveLaneConnected); // the open stream did not notice
        using var both = await _rig.StreamAsync(late, new TestAgent(Other).Hello()); // the old certificate is still good

        files.Retire();
        await NoticedAsync(isRotating: false);
        using var after = await _rig.StreamAsync(renewed); // over a server certificate of the new authority, which is all that ca.crt holds
        Assert.Equal(StatusCode.Unauthenticated, (await _rig.RefusalAsync(late, new TestAgent(Other).Hello())).StatusCode);
        Assert.Equal(AuthorityFingerprint.Of(rotated.ForHosts), _rig.Token().Fingerprint);
    }

    private async Task<StatusCode> StatusOfAsync(string service, string method)
    {
        var nothing = Marshallers.Create(static (byte[] bytes) => bytes, static bytes => bytes);
        using AsyncServerStreamingCall<byte[]> call = _rig.Channel().CreateCallInvoker().AsyncServerStreamingCall(
            new Method<byte[], byte[]>(MethodType.ServerStreaming, service, method, nothing, nothing), null, default, []);
        try
        {
            while (await call.ResponseStream.MoveNext(TrustRig.Deadline()))
            {
            }

            return call.GetStatus().StatusCode;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private Task NoticedAsync(bool isRotating) => Eventually.TrueAsync(
        () =>
        {
            _rig.Clock.Advance(TimeSpan.FromSeconds(2));
            return _rig.Service<ServerCertificate>().Authorities.IsRotating == isRotating;
        },
        "the running aggregator has noticed");
}
