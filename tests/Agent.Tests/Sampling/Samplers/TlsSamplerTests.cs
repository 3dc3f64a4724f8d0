using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Tests.Sampling.Certificates;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Sampling.Samplers;

/// <summary>Real files and real handshakes.</summary>
public sealed class TlsSamplerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tls-").FullName;
    private readonly TestAuthority _authority = new();
    private SamplerHarness? _harness;

    public void Dispose()
    {
        _harness?.Dispose();
        _authority.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_file_tells_of_each_of_its_certificates()
    {
        using X509Certificate2 own = _authority.Make("shop.example", toDays: 12);
        string path = Write("chain.pem", $"# a comment\n{own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n{own.ExportCertificatePem()}\n{_authority.Pem}");
        await BeginAsync(path, ("files", path));
        Assert.Equal(1, Value("tls_check_success", path));
        Assert.Equal(Seconds(own.NotAfter), Value("tls_certificate_not_after_seconds", path, ("position", "0"), ("subject", "shop.example")));
        Assert.Equal(Seconds(own.NotBefore), Value("tls_certificate_not_before_seconds", path, ("position", "0")));
        Assert.Equal(1, Value("tls_certificate_info", path, ("issuer", "the authority"), ("names", "shop.example,www.shop.example,127.0.0.1"), ("serial", own.SerialNumber)));
        Assert.True(Value("tls_certificate_not_after_seconds", path, ("position", "1"), ("subject", "the authority")) > Seconds(own.NotAfter));
        Assert.True(double.IsNaN(Value("tls_chain_valid", path)));
        Assert.DoesNotContain("PRIVATE", _harness!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_DER_is_read_too()
    {
        using X509Certificate2 own = _authority.Make("der.example");
        string path = Path.Combine(_root, "own.der");
        File.WriteAllBytes(path, own.Export(X509ContentType.Cert));
        await BeginAsync(path, ("files", path));
        Assert.Equal(Seconds(own.NotAfter), Value("tls_certificate_not_after_seconds", path, ("subject", "der.example")));
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "format")]
    [InlineData("nonsense", "format")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "format")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "format")]
    public async Task A_file_that_is_none_is_a_failure_with_its_reason_and_heals(string? content, string reason)
    {
        string path = content is null ? Path.Combine(_root, "late.pem") : Write("late.pem", content);
        await BeginAsync(path, ("files", path));
        Assert.Equal(0, Value("tls_check_success", path));
        Assert.Equal(1, Value("tls_check_failures_total", path, ("reason", reason)));
        Assert.True(double.IsNaN(Value("tls_certificate_not_after_seconds", path)));

        using X509Certificate2 own = _authority.Make("late.example");
        File.WriteAllText(path, own.ExportCertificatePem());
        _harness!.Time.Advance(TimeSpan.FromMinutes(6));
        await UntilAsync(() => Value("tls_check_success", path) == 1);
        Assert.Equal(Seconds(own.NotAfter), Value("tls_certificate_not_after_seconds", path));
    }

    [Fact]
    public async Task A_renewed_certificate_takes_the_place_of_the_old_one_within_the_hour()
    {
        using X509Certificate2 old = _authority.Make("x.example", toDays: 3);
        using X509Certificate2 renewed = _authority.Make("x.example", toDays: 90);
        string path = Write("x.pem", old.ExportCertificatePem());
        await BeginAsync(path, ("files", path));
        File.WriteAllText(path, renewed.ExportCertificatePem());
        _harness!.Time.Advance(TimeSpan.FromMinutes(61));
        await UntilAsync(() => Value("tls_certificate_not_after_seconds", path) == Seconds(renewed.NotAfter));
        Assert.Single(Enumerable.Range(0, _harness.Table.Count), id => !_harness.Table[id].Ended && _harness.Table[id].Metric.Name == "tls_certificate_not_after_seconds");
    }

    [Fact]
    public async Task A_file_that_never_answers_is_a_timeout_and_holds_up_no_other()
    {
        string pipe = Path.Combine(_root, "pipe.pem");
        using (Process mkfifo = Process.Start("mkfifo", pipe))
        {
            await mkfifo.WaitForExitAsync();
        }

        using X509Certificate2 own = _authority.Make("good.example");
        string good = Write("good.pem", own.ExportCertificatePem());
        await BeginAsync(good, ("files", $"{pipe},{good}"));
        Assert.Equal(1, Value("tls_check_success", good));
        Assert.True(double.IsNaN(Value("tls_check_success", pipe)), "it has not been silent for long");
        _harness!.Time.Advance(TimeSpan.FromSeconds(7));
        _harness.Sample();
        Assert.Equal(0, Value("tls_check_success", pipe));
        Assert.Equal(1, Value("tls_check_failures_total", pipe, ("reason", "timeout")));

        // Whoever waits for a writer gets one.
        await using (new FileStream(pipe, FileMode.Open, FileAccess.Write))
        {
        }
    }

    [Fact]
    public async Task An_endpoint_with_a_good_certificate_is_valid_and_was_asked_for_its_name()
    {
        using X509Certificate2 own = _authority.Make("api.example");
        using TlsServer server = TlsServer.With(own);
        string target = await LookAsync(server, "api.example");
        Assert.Equal((1, 1, 1), (Value("tls_check_success", target), Value("tls_chain_valid", target), Value("tls_name_match", target)));
        Assert.Equal(Seconds(own.NotAfter), Value("tls_certificate_not_after_seconds", target, ("position", "0"), ("check", "it"), ("source", "endpoint")));
        Assert.True(double.IsNaN(Value("tls_chain_problem", target)));
        Assert.Contains("api.example", server.AskedFor);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_told_apart_from_a_bad_chain()
    {
        using X509Certificate2 own = _authority.Make("api.example");
        using TlsServer server = TlsServer.With(own);
        string target = await LookAsync(server, "other.example");
        Assert.Equal((1, 1, 0), (Value("tls_check_success", target), Value("tls_chain_valid", target), Value("tls_name_match", target)));
    }

    [Fact]
    public async Task An_expired_certificate_is_still_read_and_its_chain_is_not_valid()
    {
        using X509Certificate2 own = _authority.Make("api.example", fromDays: -30, toDays: -2);
        using TlsServer server = TlsServer.With(own);
        string target = await LookAsync(server, "api.example");
        Assert.Equal((1, 0), (Value("tls_check_success", target), Value("tls_chain_valid", target)));
        Assert.Equal(1, Value("tls_chain_problem", target, ("problem", "NotTimeValid")));
        Assert.True(Value("tls_certificate_not_after_seconds", target) < DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task An_authority_that_nobody_trusts_makes_no_valid_chain()
    {
        using var stranger = new TestAuthority();
        using X509Certificate2 own = stranger.Make("api.example");
        using TlsServer server = TlsServer.With(own);
        string target = await LookAsync(server, "api.example");
        Assert.Equal((1, 0, 1), (Value("tls_check_success", target), Value("tls_chain_valid", target), Value("tls_name_match", target)));
    }

    [Fact]
    public async Task Who_does_not_speak_TLS_or_not_at_all_is_a_failure_with_its_reason()
    {
        using TlsServer silent = TlsServer.Silent();
        using TlsServer plain = TlsServer.PlainText();
        TlsServer closed = TlsServer.Silent();
        int closedPort = closed.Port;
        closed.Dispose();
        Begin(("endpoints.a", $"127.0.0.1:{silent.Port}"), ("endpoints.b", $"127.0.0.1:{plain.Port}"), ("endpoints.c", $"127.0.0.1:{closedPort}"), ("timeout_ms", "2000"));
        await UntilAsync(() => new[] { silent.Port, plain.Port, closedPort }.All(port => Value("tls_check_success", $"127.0.0.1:{port}") == 0));
        Assert.Equal(1, Value("tls_check_failures_total", $"127.0.0.1:{silent.Port}", ("reason", "timeout")));
        Assert.Equal(1, Value("tls_check_failures_total", $"127.0.0.1:{plain.Port}", ("reason", "handshake")));
        Assert.Equal(1, Value("tls_check_failures_total", $"127.0.0.1:{closedPort}", ("reason", "refused")));
    }

    private static double Seconds(DateTime time) => new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeSeconds();

    private string Write(string name, string text)
    {
        string path = Path.Combine(_root, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void Begin(params (string Name, string Value)[] values) =>
        _harness = new SamplerHarness("tls", new LinuxRoots(), new FakeTime(DateTimeOffset.UtcNow), values.ToDictionary(one => one.Name, one => one.Value));

    private async Task BeginAsync(string target, params (string Name, string Value)[] values)
    {
        Begin(values);
        await UntilAsync(() => !double.IsNaN(Value("tls_check_success", target)));
    }

    private async Task<string> LookAsync(TlsServer server, string name)
    {
        string target = $"127.0.0.1:{server.Port}";
        await BeginAsync(target, ("endpoints.it", $"{target} {name}"), ("ca", Write("ca.pem", _authority.Pem)));
        return target;
    }

    private Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            _harness!.Sample();
            return condition();
        },
        "the look is over");

    private double Value(string metric, string target, params (string Name, string Value)[] labels) => _harness!.Value(metric, [("target", target), .. labels]);
}
