using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using HostAgent.Aggregator.Enrolment;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Enrolment;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Aggregator.Tests.Enrolment;

/// <summary>A token for a certificate, and what is tried with stolen, old and forged ones.</summary>
public sealed class EnrolmentTests : IAsyncLifetime
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private TrustRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await TrustRig.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task A_token_gets_a_host_its_certificate_and_the_stream_lets_it_in()
    {
        EnrolReply reply = await _rig.Enrolment().EnrolAsync(TrustRig.Request(_rig.Token(), _key));
        using X509Certificate2 certificate = TrustRig.Certificate(reply, _key);

        using var call = await _rig.StreamAsync(certificate);

        Assert.Equal(AggregatorMessage.KindOneofCase.Welcome, call.ResponseStream.Current.KindCase);
        Assert.Equal(_rig.Clock.GetUtcNow().AddDays(7).UtcDateTime, certificate.NotAfter.ToUniversalTime());
        Assert.Equal((_rig.Clock.GetUtcNow() + (TimeSpan.FromDays(7) * 2 / 3)).ToUnixTimeMilliseconds(), reply.RenewAfterUnixMs);
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(_rig.CaFile);
        Assert.Equal(authority.RawData, Assert.Single(reply.Authorities).ToByteArray());
    }

    [Fact]
    public async Task A_token_carries_the_fingerprint_of_the_authority_that_everybody_may_ask_for()
    {
        AuthoritiesReply reply = await _rig.Enrolment().AuthoritiesAsync(new AuthoritiesRequest());
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificate(Assert.Single(reply.Authorities).Span);
        Assert.Equal(AuthorityFingerprint.Of(authority), _rig.Token().Fingerprint);
    }

    [Fact]
    public async Task A_token_is_good_once()
    {
        TokenText token = _rig.Token();
        await _rig.Enrolment().EnrolAsync(TrustRig.Request(token, _key));
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Status refused = await RefusedAsync(TrustRig.Request(token, thief, "ffffffffffffffffffffffffffffffff"));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("a token is good once", refused.Detail, StringComparison.Ordinal);
        Assert.Equal("used", _rig.Tokens.List().Single(t => t.Id == token.Id).State);
    }

    [Fact]
    public async Task A_host_that_lost_the_reply_asks_again_with_the_same_key_and_is_answered()
    {
        TokenText token = _rig.Token();
        await _rig.Enrolment().EnrolAsync(TrustRig.Request(token, _key));
        EnrolReply again = await _rig.Enrolment().EnrolAsync(TrustRig.Request(token, _key));
        using X509Certificate2 certificate = TrustRig.Certificate(again, _key);
        using var call = await _rig.StreamAsync(certificate);
    }

    [Fact]
    public async Task Of_many_who_use_a_token_at_once_one_gets_a_certificate()
    {
        TokenText token = _rig.Token();
        int enrolled = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (i, cancellation) =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            try
            {
                await _rig.Enrolment().EnrolAsync(TrustRig.Request(token, key, $"{i:x32}"), cancellationToken: cancellation);
                Interlocked.Increment(ref enrolled);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
            {
            }
        });
        Assert.Equal(1, enrolled);
    }

    [Fact]
    public async Task A_token_ends_when_its_time_is_over()
    {
        TokenText token = _rig.Token(TimeSpan.FromMinutes(10));
        _rig.Later(TimeSpan.FromMinutes(10));
        Assert.Contains("expired at", (await RefusedAsync(TrustRig.Request(token, _key))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_worth_nothing()
    {
        TokenText token = _rig.Token();
        Assert.True(_rig.Tokens.Revoke(token.Id));
        Assert.False(_rig.Tokens.Revoke("0000000000000000"));
        Assert.Contains("has been revoked", (await RefusedAsync(TrustRig.Request(token, _key))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_token_are_not_told_apart()
    {
        TokenText token = _rig.Token();
        Status wrong = await RefusedAsync(TrustRig.Request(token with { Secret = new string('A', 43) }, _key));
        Status unknown = await RefusedAsync(TrustRig.Request(token with { Id = "0000000000000000" }, _key));
        Assert.Equal(StatusCode.Unauthenticated, wrong.StatusCode);
        Assert.Equal((wrong.StatusCode, wrong.Detail), (unknown.StatusCode, unknown.Detail));
        await _rig.Enrolment().EnrolAsync(TrustRig.Request(token, _key)); // a failed guess has not used it up
    }

    [Fact]
    public async Task A_stolen_token_does_not_take_the_place_of_a_host_that_exists()
    {
        using X509Certificate2 victim = await _rig.EnrolAsync();

        Status refused = await RefusedAsync(TrustRig.Request(_rig.Token(), _key));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains("enrolled already", refused.Detail, StringComparison.Ordinal);

        await _rig.Enrolment().EnrolAsync(TrustRig.Request(_rig.Token(mayReplace: true), _key)); // what the operator says may
        _rig.Later(TimeSpan.FromDays(8));
        await _rig.Enrolment().EnrolAsync(TrustRig.Request(_rig.Token(), _key)); // nobody holds the identity any more
    }

    [Fact]
    public async Task A_revoked_host_does_not_come_back_with_a_new_token()
    {
        _rig.Revocations.Revoke(TrustRig.HostId, "stolen", "test");
        Status refused = await RefusedAsync(TrustRig.Request(_rig.Token(mayReplace: true), _key));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains("was revoked at 2026-01-01", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_other_kinds_and_forged_requests_are_refused_and_cost_no_token()
    {
        TokenText token = _rig.Token();
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        byte[] good = TrustRig.SigningRequest(_key);
        byte[] forged = [.. good];
        forged[^1] ^= 1; // of the signature
        foreach (byte[] request in new[] { TrustRig.SigningRequest(rsa), TrustRig.SigningRequest(p384), forged, [], new byte[3000], [.. good, 0], [0x30, 0x03, 1, 2, 3] })
        {
            EnrolRequest asked = TrustRig.Request(token, _key);
            asked.CertificateRequest = ByteString.CopyFrom(request);
            Status refused = await RefusedAsync(asked);
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Contains("certificate request is not accepted", refused.Detail, StringComparison.Ordinal);
        }

        await _rig.Enrolment().EnrolAsync(TrustRig.Request(token, _key));
    }

    [Fact]
    public async Task An_oversized_message_is_refused_before_it_is_read()
    {
        EnrolRequest huge = TrustRig.Request(_rig.Token(), _key);
        huge.AgentVersion = new string('x', 1 << 20);
        Assert.Equal(StatusCode.ResourceExhausted, (await RefusedAsync(huge)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdef\n")]
    public async Task A_host_id_of_another_form_is_refused(string hostId)
        => Assert.Equal(StatusCode.InvalidArgument, (await RefusedAsync(TrustRig.Request(_rig.Token(), _key, hostId))).StatusCode);

    [Fact]
    public async Task The_labels_of_the_token_stand_above_what_the_host_says_of_itself()
    {
        using X509Certificate2 certificate = await _rig.EnrolAsync(labels: [("site", "south"), ("team", "db")]);
        using var call = await _rig.StreamAsync(certificate); // its Hello says site=north
        LabelSet labels = _rig.Service<Aggregator.Hosts.HostDirectory>().Find(TrustRig.HostId)!.Labels;
        Assert.Equal([("site", "south"), ("team", "db")], labels.Select(l => (l.Name, l.Value)));
    }

    [Fact]
    public void The_store_does_not_hold_the_secret()
    {
        TokenText token = _rig.Token();
        Document kept = _rig.Service<IDocumentStore>().Scan("enrolment-token").Single(d => d.Key == token.Id);
        string body = System.Text.Encoding.UTF8.GetString(kept.Body.Span);
        Assert.DoesNotContain(token.Secret, body, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Secret, token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_for_this_machine_is_private_and_replaced_when_it_was_used()
    {
        string file = Path.Combine(_rig.Location, LocalToken.Name);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        TokenText first = TokenText.Parse(await File.ReadAllTextAsync(file));
        await _rig.Enrolment().EnrolAsync(TrustRig.Request(first, _key));
        TokenText second = TokenText.Parse(await File.ReadAllTextAsync(file)); // there before the reply was
        Assert.NotEqual(first.Id, second.Id);
        _rig.Later(TimeSpan.FromMinutes(50));
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () => TokenText.Parse(await File.ReadAllTextAsync(file)).Id != second.Id, "it is replaced before it ends");
    }

    [Theory]
    [InlineData("host", "x")]
    [InlineData("1a", "x")]
    [InlineData("__a", "x")]
    [InlineData("a", "")]
    public void A_label_that_is_none_is_refused(string name, string value)
        => Assert.Throws<ArgumentException>(() => _rig.Token(labels: [(name, value)]));

    [Fact]
    public void A_token_does_not_live_for_ever()
        => Assert.Throws<ArgumentException>(() => _rig.Token(TimeSpan.FromDays(365)));

    private async Task<Status> RefusedAsync(EnrolRequest request)
        => (await Assert.ThrowsAsync<RpcException>(() => _rig.Enrolment().EnrolAsync(request).ResponseAsync)).Status;
}
