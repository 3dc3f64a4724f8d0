using HostAgent.Agent.Databases;
using Npgsql;

namespace HostAgent.Agent.Tests.Databases;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("postgresql+asyncpg://mcp:p%40ss@db.local:5433/mcp", "db.local", 5433, "mcp", "p@ss", "mcp")]
    [InlineData("postgres://mcp@localhost/mcp", "localhost", 5432, "mcp", null, "mcp")]
    [InlineData("postgresql://u:a@b@c/d@h:1/x", "h", 1, "u", "a@b@c/d", "x")]
    [InlineData("postgresql://u:p@[::1]:5432/x", "::1", 5432, "u", "p", "x")]
    [InlineData("postgresql:///x?host=/run/postgresql&user=u", "/run/postgresql", 5432, "u", null, "x")]
    public void What_applications_write_is_understood(string url, string host, int port, string user, string? password, string database)
    {
        NpgsqlConnectionStringBuilder parsed = DatabaseUrl.Parse(url);
        Assert.Equal((host, port, user, password, database), (parsed.Host, parsed.Port, parsed.Username, parsed.Password, parsed.Database));
    }

    [Theory]
    [InlineData("mysql://u:topsecret@h/x")]
    [InlineData("postgresql://u:topsecret@h:99999/x")]
    [InlineData("postgresql://u:topsecret@a,b/x")]
    [InlineData("postgresql://u:topsecret@h/x?sslmode=maybe")]
    [InlineData("topsecret")]
    public void What_is_no_url_is_refused_without_repeating_it(string url)
        => Assert.DoesNotContain("topsecret", Assert.Throws<DatabaseException>(() => DatabaseUrl.Parse(url)).Message, StringComparison.Ordinal);

    [Fact]
    public void Tls_is_what_the_url_says()
    {
        NpgsqlConnectionStringBuilder parsed = DatabaseUrl.Parse("postgresql://u@h/x?sslmode=verify-full&sslrootcert=/etc/ca.crt");
        Assert.Equal((SslMode.VerifyFull, "/etc/ca.crt"), (parsed.SslMode, parsed.RootCertificate));
    }

    [Theory]
    [InlineData("A=1\nDATABASE_URL=x\n", "x")]
    [InlineData("DATABASE_URL=\"x y\"\r\n", "x y")]
    [InlineData("export DATABASE_URL='x'", "x")]
    [InlineData("DATABASE_URL=old\nDATABASE_URL=new", "new")]
    [InlineData("#DATABASE_URL=x\nMY_DATABASE_URL=y\nDATABASE_URL=", null)]
    public void A_variable_is_found_as_systemd_finds_it(string text, string? value) => Assert.Equal(value, SecretFile.Variable(text, "DATABASE_URL"));
}
