using HostAgent.Agent.Commands;

namespace HostAgent.Agent.Tests.Commands;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("DATABASE_URL=postgresql+asyncpg://mcp:s3cr3t@db:5432/app", "s3cr3t")]
    [InlineData("DATABASE_URL=postgresql://mcp:p@ss:w0rd@db:5432/app", "w0rd")]
    [InlineData("POSTGRES_PASSWORD=hunter2", "hunter2")]
    [InlineData("\"api_key\": \"abc123\"", "abc123")]
    [InlineData("psql --password=hunter2 -U x", "hunter2")]
    [InlineData("server --db-password hunter2 --port 80", "hunter2")]
    [InlineData("Authorization: Bearer abcdefgh.ijkl", "ijkl")]
    [InlineData("authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA")]
    [InlineData("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI", "wJalr")]
    [InlineData("id AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE")]
    [InlineData("token eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "eyJzdWIiOiIx")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY-----", "MHcCAQ")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMHcCAQ cut off", "MHcCAQ")]
    public void Secrets_do_not_leave_the_host(string text, string secret)
    {
        Assert.DoesNotContain(secret, Redaction.Clean(text), StringComparison.Ordinal);
        Assert.Contains(Redaction.Mark, Redaction.Clean(text), StringComparison.Ordinal);
        Assert.Equal(Redaction.Clean(text), Redaction.Clean(Redaction.Clean(text)));
    }

    [Theory]
    [InlineData("GET http://localhost:8000/health 200 in 12 ms")]
    [InlineData("password check failed for user bob")]
    [InlineData("the tokens of three sessions were renewed")]
    [InlineData("postgres 15 listens on 127.0.0.1:5432 and ::1")]
    public void Ordinary_lines_stay_as_they_are(string text) => Assert.Equal(text, Redaction.Clean(text));
}
