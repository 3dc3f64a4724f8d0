using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Aggregator.Hosting;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Trust;

namespace HostAgent.Aggregator.Tests.Hosting;

public sealed class AuthorityFilesTests : IDisposable
{
    private readonly TempDirectory _directory = new("authority");
    private readonly FakeTime _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_passphrase_encrypts_the_key_and_is_needed_from_then_on()
    {
        Files("correct horse").MakeFirst();
        Assert.Contains("ENCRYPTED PRIVATE KEY", File.ReadAllText(_directory.File("ca.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory.File("ca.key")));
        Assert.True(Files("correct horse").Ensure(out string? reason).ForServer.HasPrivateKey);
        Assert.Null(reason);
        Assert.Contains("--passphrase-file", Assert.Throws<StartException>(() => Files().Ensure(out _)).Message);
        Assert.Contains("the passphrase is wrong", Assert.Throws<StartException>(() => Files("battery staple").Ensure(out _)).Message);
    }

    [Fact]
    public void An_authority_is_never_replaced_by_init()
    {
        Files().MakeFirst();
        string before = File.ReadAllText(_directory.File("ca.crt"));
        Assert.Throws<StartException>(Files().MakeFirst);
        Assert.Equal(before, File.ReadAllText(_directory.File("ca.crt")));
    }

    [Fact]
    public void A_rotation_keeps_the_old_authority_for_the_server_until_it_is_retired()
    {
        AuthorityFiles files = Files();
        AuthoritySet first = files.Ensure(out _);
        AuthoritySet both = files.Rotate();
        Assert.Throws<StartException>(files.Rotate);
        Assert.Equal(first.ForServer.Thumbprint, both.ForServer.Thumbprint);
        Assert.NotEqual(first.ForServer.Thumbprint, both.ForHosts.Thumbprint);
        Assert.Equal([both.ForHosts.Thumbprint, both.ForServer.Thumbprint], both.Trusted.Select(a => a.Thumbprint));

        AuthoritySet last = files.Retire();
        Assert.Equal(both.ForHosts.Thumbprint, Assert.Single(last.Trusted).Thumbprint);
        Assert.Throws<StartException>(files.Retire);
        Assert.Equal(["ca.crt", "ca.key"], Directory.GetFiles(_directory.FullPath).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_retirement_that_was_killed_half_way_is_finished_by_the_next_start()
    {
        AuthorityFiles files = Files();
        files.Ensure(out _);
        string next = files.Rotate().ForHosts.Thumbprint;
        File.Move(_directory.File("ca-next.key"), _directory.File("ca.key"), overwrite: true);
        Assert.Equal(next, Assert.Single(Files().Ensure(out _).Trusted).Thumbprint);
    }

    [Fact]
    public void An_authority_made_elsewhere_is_taken_over()
    {
        using TestAuthority own = TestAuthority.Stranger("CN=corporate");
        Files("secret").Import(Pem(own.Certificate.ExportCertificatePem()), Pem(own.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(own.Certificate.Thumbprint, Files("secret").Ensure(out _).ForHosts.Thumbprint);
        Assert.Contains("ENCRYPTED", File.ReadAllText(_directory.File("ca.key")));
    }

    [Fact]
    public void What_is_no_authority_of_its_own_is_refused_by_name()
    {
        using TestAuthority own = TestAuthority.Stranger();
        using X509Certificate2 leaf = own.Host("0123456789abcdef0123456789abcdef");
        Assert.Contains("no certificate of an authority", Refusal(leaf, leaf.GetECDsaPrivateKey()!));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=intermediate", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 intermediate = request.Create(own.Certificate, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(200), [1, 2]);
        Assert.Contains("another authority has signed it", Refusal(intermediate, key));
        Assert.Contains("do not belong together", Refusal(own.Certificate, key));

        string Refusal(X509Certificate2 certificate, ECDsa its) => Assert.Throws<StartException>(
            () => Files().Import(Pem(certificate.ExportCertificatePem()), Pem(its.ExportPkcs8PrivateKeyPem()))).Message;
    }

    private string Pem(string text)
    {
        string path = _directory.File($"{Guid.NewGuid():N}.pem");
        File.WriteAllText(path, text);
        return path;
    }

    private AuthorityFiles Files(string? passphrase = null) => new(_directory.FullPath, "web1", _time, passphrase);
}
