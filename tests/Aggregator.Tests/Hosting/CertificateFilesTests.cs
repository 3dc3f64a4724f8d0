using System.Security.Cryptography.X509Certificates;
using HostAgent.Aggregator.Hosting;
using HostAgent.TestSupport;

namespace HostAgent.Aggregator.Tests.Hosting;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly TempDirectory _directory = new("certificates");
    private readonly DataDirectory _data;
    private readonly FakeTime _time = new();

    public CertificateFilesTests() => _data = DataDirectory.Open(_directory.FullPath);

    public void Dispose()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void The_first_start_makes_an_authority_and_a_server_certificate_for_this_machine()
    {
        (X509Certificate2 server, X509Certificate2 authority) = Ensure(out string? reason);
        Assert.Contains("there was none", reason);
        Assert.True(server.HasPrivateKey);
        Assert.True(authority.HasPrivateKey);
        Assert.Equal("1.2.840.10045.2.1", server.PublicKey.Oid.Value); // ECDSA
        Assert.All(["localhost", "web1", "127.0.0.1", "::1"], name => Assert.True(server.MatchesHostname(name), name));
        Assert.False(server.MatchesHostname("web2"));
        Assert.True(server.NotBefore.ToUniversalTime() < _time.GetUtcNow().UtcDateTime);
    }

    [Theory]
    [InlineData("ca.key")]
    [InlineData("server.key")]
    public void Keys_are_for_the_owner_alone(string name)
    {
        Ensure(out _);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.File(name)));
    }

    [Fact]
    public void The_next_start_uses_what_there_is()
    {
        string first = Ensure(out _).Server.Thumbprint;
        Assert.Equal(first, Ensure(out string? reason).Server.Thumbprint);
        Assert.Null(reason);
    }

    [Fact]
    public void A_server_certificate_near_its_end_is_renewed_under_the_same_authority()
    {
        (X509Certificate2 server, X509Certificate2 authority) = Ensure(out _);
        _time.Advance(TimeSpan.FromDays(366));
        Assert.Null(Reason());
        _time.Advance(TimeSpan.FromDays(2));
        (X509Certificate2 renewed, X509Certificate2 same) = Ensure(out string? reason);
        Assert.StartsWith("server certificate made: the old one ends", reason);
        Assert.Equal(authority.Thumbprint, same.Thumbprint);
        Assert.NotEqual(server.Thumbprint, renewed.Thumbprint);
    }

    [Fact]
    public void A_machine_that_was_renamed_gets_a_new_server_certificate()
    {
        Ensure(out _);
        var files = new CertificateFiles(_data, "web2", _time);
        Assert.True(files.Ensure(out string? reason).Server.MatchesHostname("web2"));
        Assert.Contains("not for web2", reason);
    }

    [Theory]
    [InlineData("server.key")]
    [InlineData("server.crt")]
    public void A_damaged_or_missing_file_of_the_server_is_replaced(string name)
    {
        Ensure(out _);
        File.WriteAllText(_data.File(name), "-----BEGIN RUBBISH-----\nAAAA\n-----END RUBBISH-----\n");
        Assert.Contains("damaged", Reason());
        Assert.Null(Reason());
        File.Delete(_data.File(name));
        Assert.Contains("there was none", Reason());
        Assert.Null(Reason());
    }

    [Theory]
    [InlineData("ca.key")]
    [InlineData("ca.crt")]
    public void A_damaged_authority_stops_the_start_and_is_left_alone(string name)
    {
        Ensure(out _);
        const string rubbish = "-----BEGIN RUBBISH-----\nAAAA\n-----END RUBBISH-----\n";
        File.WriteAllText(_data.File(name), rubbish);
        StartException error = Assert.Throws<StartException>(() => Ensure(out _));
        Assert.Contains("bring the files back from a backup", error.Message);
        Assert.Equal(rubbish, File.ReadAllText(_data.File(name)));
    }

    [Fact]
    public void An_authority_whose_key_is_gone_stops_the_start()
    {
        Ensure(out _);
        File.Delete(_data.File("ca.key"));
        Assert.Contains("ca.key is missing", Assert.Throws<StartException>(() => Ensure(out _)).Message);
        Assert.False(File.Exists(_data.File("ca.key")));
    }

    [Fact]
    public void More_names_go_into_the_server_certificate()
    {
        Ensure(out _);
        var files = new CertificateFiles(_data, "web1", _time, names: ["metrics.example.org", "192.0.2.7"]);
        X509Certificate2 server = files.Ensure(out string? reason).Server;
        Assert.Contains("not for metrics.example.org", reason);
        Assert.All(["metrics.example.org", "192.0.2.7", "web1"], name => Assert.True(server.MatchesHostname(name), name));
    }

    [Fact]
    public void A_server_certificate_of_another_authority_is_replaced()
    {
        Ensure(out _);
        string certificate = File.ReadAllText(_data.File("server.crt"));
        string key = File.ReadAllText(_data.File("server.key"));
        File.Delete(_data.File("ca.crt"));
        Ensure(out _);
        File.WriteAllText(_data.File("server.crt"), certificate);
        File.WriteAllText(_data.File("server.key"), key);
        Assert.Contains("not signed by the authority", Reason());
    }

    private (X509Certificate2 Server, X509Certificate2 Authority) Ensure(out string? reason)
    {
        (X509Certificate2 server, AuthoritySet authorities) = new CertificateFiles(_data, "web1", _time).Ensure(out reason);
        Assert.False(authorities.IsRotating);
        return (server, authorities.ForServer);
    }

    private string? Reason()
    {
        Ensure(out string? reason);
        return reason;
    }
}
