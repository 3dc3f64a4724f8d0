using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using HostAgent.Agent.Enrolment;
using HostAgent.Agent.Streaming;
using HostAgent.Agent.Tests.Streaming;
using HostAgent.Protos.Enrolment;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Agent.Tests.Enrolment;

/// <summary>The agent's side of the enrolment, against an aggregator that says what the test wants.</summary>
public sealed class HostCredentialsTests : IAsyncLifetime
{
    private const string HostId = "0123456789abcdef0123456789abcdef";
    private readonly TempDirectory _directory = new("credentials");
    private ScriptedAggregator _aggregator = null!;

    public async ValueTask InitializeAsync() => _aggregator = await ScriptedAggregator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aggregator.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_host_enrols_once_and_the_next_start_uses_what_is_kept()
    {
        ChannelTrust trust = await Credentials(Token()).ReadyAsync(default);
        ChannelTrust again = await Credentials((EnrolmentOptions?)null).ReadyAsync(default);

        Assert.Equal(trust.Certificate!.TargetCertificate.Thumbprint, again.Certificate!.TargetCertificate.Thumbprint);
        Assert.True(again.Certificate.TargetCertificate.HasPrivateKey);
        Assert.Equal(_aggregator.Ca.RawData, Assert.Single(again.Authorities).RawData);
        Assert.Equal(HostId, Assert.Single(_aggregator.Enrolments).HostId);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory.File("host.pem")));
        Assert.False(File.Exists(_directory.File("enrolment.key")));
    }

    [Fact]
    public async Task A_man_in_the_middle_with_his_own_authority_gets_no_secret()
    {
        await using ScriptedAggregator middle = await ScriptedAggregator.StartAsync();
        NotEnrolledException error = await Assert.ThrowsAsync<NotEnrolledException>(() => Credentials(Token(), middle.Address).ReadyAsync(default));
        Assert.Contains("the token's secret was not sent", error.Message, StringComparison.Ordinal);
        Assert.Empty(middle.Enrolments);
    }

    [Fact]
    public async Task A_man_in_the_middle_who_shows_the_true_authority_without_its_key_gets_no_secret()
    {
        await using ScriptedAggregator middle = await ScriptedAggregator.StartAsync();
        middle.ShownAuthority = _aggregator.Ca;
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => Credentials(Token(), middle.Address).ReadyAsync(default));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Empty(middle.Enrolments);
    }

    [Fact]
    public async Task An_authority_that_signed_for_another_name_gets_no_secret()
    {
        (X509Certificate2 Server, X509Certificate2 Ca) elsewhere = TestCertificates.Make("elsewhere.example");
        await using ScriptedAggregator other = await ScriptedAggregator.StartAsync(certificate: elsewhere);
        await Assert.ThrowsAsync<RpcException>(
            () => Credentials(new TokenText("0123456789abcdef", new string('A', 43), AuthorityFingerprint.Of(elsewhere.Ca)), other.Address).ReadyAsync(default));
        Assert.Empty(other.Enrolments);
    }

    [Fact]
    public async Task An_enrolment_that_was_not_answered_is_asked_again_with_the_same_key()
    {
        int asked = 0;
        _aggregator.OnEnrol = request => Interlocked.Increment(ref asked) == 1
            ? throw new RpcException(new Status(StatusCode.Unavailable, "lost"))
            : ScriptedEnrolment.Sign(_aggregator, request.CertificateRequest);
        await Assert.ThrowsAsync<RpcException>(() => Credentials(Token()).ReadyAsync(default));
        await Credentials(Token()).ReadyAsync(default); // after a crash, say

        byte[][] keys = [.. _aggregator.Enrolments.Select(
            e => CertificateRequest.LoadSigningRequest(e.CertificateRequest.ToByteArray(), HashAlgorithmName.SHA256).PublicKey.ExportSubjectPublicKeyInfo())];
        Assert.Equal(2, keys.Length);
        Assert.Equal(keys[0], keys[1]);
    }

    [Fact]
    public async Task When_another_agent_of_this_machine_was_quicker_the_next_token_of_the_file_is_taken()
    {
        string file = _directory.File("enrolment.token");
        TokenText second = Token() with { Id = "2222222222222222" };
        File.WriteAllText(file, Token().Reveal());
        _aggregator.OnEnrol = request =>
        {
            if (request.TokenId == second.Id)
            {
                return ScriptedEnrolment.Sign(_aggregator, request.CertificateRequest);
            }

            File.WriteAllText(file, second.Reveal());
            throw new RpcException(new Status(StatusCode.Unauthenticated, "used"));
        };
        await Credentials(new EnrolmentOptions { TokenFile = file }).ReadyAsync(default);
        Assert.Equal(2, _aggregator.Enrolments.Count);
    }

    [Fact]
    public async Task Without_certificate_and_token_the_message_says_what_to_do()
    {
        NotEnrolledException error = await Assert.ThrowsAsync<NotEnrolledException>(() => Credentials((EnrolmentOptions?)null).ReadyAsync(default));
        Assert.Contains($"hostagent enrol --aggregator {_aggregator.Address} --token-file FILE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_token_is_no_reason_to_ask_a_thousand_times()
    {
        _aggregator.OnEnrol = _ => throw new RpcException(new Status(StatusCode.Unauthenticated, "the token is used up"));
        NotEnrolledException error = await Assert.ThrowsAsync<NotEnrolledException>(() => Credentials(Token()).ReadyAsync(default));
        Assert.Equal("the token is used up", error.Message);
        Assert.Single(_aggregator.Enrolments);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("renew-after-unix-ms 1\nnonsense")]
    [InlineData("renew-after-unix-ms 99999999999999999999\n")]
    [InlineData("")]
    public async Task A_damaged_certificate_file_counts_as_none(string content)
    {
        File.WriteAllText(_directory.File("host.pem"), content);
        await Credentials(Token()).ReadyAsync(default);
        Assert.Single(_aggregator.Enrolments);
    }

    [Fact]
    public async Task A_certificate_of_another_host_counts_as_none()
    {
        await Credentials(Token()).ReadyAsync(default);
        await Credentials(Token(), hostId: "ffffffffffffffffffffffffffffffff").ReadyAsync(default);
        Assert.Equal(2, _aggregator.Enrolments.Count);
    }

    [Fact]
    public async Task It_is_renewed_at_two_thirds_of_its_life_with_a_new_key_over_a_connection_that_shows_the_old()
    {
        _aggregator.CertificateLifetime = TimeSpan.FromHours(3);
        var clock = new FakeTime(DateTimeOffset.UtcNow);
        HostCredentials credentials = Credentials(Token(), time: clock);
        ChannelTrust before = await credentials.ReadyAsync(default);
        using var channel = AggregatorChannel.Open(Streaming(), new StreamFigures(), before);
        Task renewed = credentials.RenewedAsync(channel, default);

        clock.Advance(TimeSpan.FromMinutes(119));
        Assert.False(renewed.IsCompleted);
        Assert.Empty(_aggregator.Renewals);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return renewed.IsCompleted;
            },
            "it renews");

        await renewed;
        ChannelTrust after = await credentials.ReadyAsync(default);
        Assert.Equal(before.Certificate!.TargetCertificate.Thumbprint, Assert.Single(_aggregator.Renewals));
        Assert.NotEqual(
            before.Certificate.TargetCertificate.PublicKey.ExportSubjectPublicKeyInfo(), after.Certificate!.TargetCertificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(
            after.Certificate.TargetCertificate.Thumbprint, (await Credentials((EnrolmentOptions?)null).ReadyAsync(default)).Certificate!.TargetCertificate.Thumbprint); // and kept
    }

    [Fact]
    public async Task A_certificate_that_the_aggregator_doubts_is_renewed_first_and_replaced_by_enrolment_only_then()
    {
        HostCredentials credentials = Credentials(Token());
        ChannelTrust first = await credentials.ReadyAsync(default);
        Assert.True(credentials.Doubt());
        Assert.False(credentials.Doubt()); // no news: the stream goes on slowly
        ChannelTrust second = await credentials.ReadyAsync(default);
        Assert.NotEqual(first.Certificate!.TargetCertificate.Thumbprint, second.Certificate!.TargetCertificate.Thumbprint);
        Assert.Single(_aggregator.Renewals);
        Assert.Single(_aggregator.Enrolments);
    }

    private TokenText Token() => new("0123456789abcdef", new string('A', 43), AuthorityFingerprint.Of(_aggregator.Ca));

    private StreamingOptions Streaming(Uri? address = null) => new() { Aggregator = address ?? _aggregator.Address };

    private HostCredentials Credentials(TokenText token, Uri? address = null, string hostId = HostId, TimeProvider? time = null)
        => Credentials(new EnrolmentOptions { Token = token.Reveal() }, address, hostId, time);

    private HostCredentials Credentials(EnrolmentOptions? options, Uri? address = null, string hostId = HostId, TimeProvider? time = null) => new(
        Streaming(address), options ?? new EnrolmentOptions(), new HostIdentity(hostId, "test", "boot", "0.0", []),
        new CertificateStore(_directory.FullPath, NullLogger.Instance), time ?? TimeProvider.System, NullLogger.Instance);
}
