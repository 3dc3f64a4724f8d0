using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Databases;

namespace HostAgent.Agent.Tests.Databases;

public sealed class PostgresConnectionTests(Commands.Handlers.PostgresFixture fixture) : IClassFixture<Commands.Handlers.PostgresFixture>
{
    [Fact]
    public void Scram_is_the_one_of_RFC_7677()
    {
        // Section 3, but for the user's name, which PostgreSQL takes from the start message and the client leaves empty.
        var login = new ScramLogin("pencil", "rOprNGfwEbeRWgbNEkqO");
        Assert.Equal("n,,n=,r=rOprNGfwEbeRWgbNEkqO", login.First);
        const string first = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        Assert.StartsWith("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=", login.Final(first), StringComparison.Ordinal);
        Assert.False(login.IsServerGenuine("v=AAAA"));
    }

    [Theory]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=mine,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=mineX,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")]
    [InlineData("r=mineX,s=!,i=1")]
    [InlineData("")]
    public void A_server_that_cheats_at_scram_is_refused(string first) => Assert.Throws<DatabaseException>(() => new ScramLogin("x", "mine").Final(first));

    [Fact]
    public async Task Values_of_every_kind_come_back_as_text_and_a_null_as_nothing()
    {
        await using PostgresConnection connection = await OpenAsync();
        List<string?[]> rows = [];
        long count = await connection.QueryAsync("select $1::text, null, 1.5, true from generate_series(1, $2)", ["grün '\"", "3"], rows.Add, TestContext.Current.CancellationToken);
        Assert.Equal(3, count);
        Assert.Equal("grün '\"|NULL|1.5|t", string.Join('|', rows[2].Select(static value => value ?? "NULL")));
        DatabaseException error = await Assert.ThrowsAsync<DatabaseException>(() => connection.QueryAsync("select nothing", [], static _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("42703", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await connection.QueryAsync("select 1", [], static _ => { }, TestContext.Current.CancellationToken)); // an error does not break it
    }

    [Fact]
    public async Task A_cancelled_statement_does_not_go_on_in_the_server()
    {
        await using PostgresConnection connection = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        Task<long> query = connection.QueryAsync("select pg_sleep(61)", [], static _ => { }, cancel.Token);
        await TestSupport.Eventually.TrueAsync(async () => await fixture.Postgres.SqlAsync("select count(*) from pg_stat_activity where query = 'select pg_sleep(61)' and state = 'active'") == "1", "it runs");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await TestSupport.Eventually.TrueAsync(async () => await fixture.Postgres.SqlAsync("select count(*) from pg_stat_activity where query = 'select pg_sleep(61)' and state = 'active'") == "0", "it does not run");
    }

    [Theory]
    [InlineData("R\0\0\0\x04", "none of PostgreSQL")]
    [InlineData("R\x7f\x7f\x7f\x7f", "too large")]
    [InlineData("R\0\0\0\x08\0\0\0\x03", "in clear")]
    [InlineData("R\0\0\0\x08\0\0\0\x05", "MD5")]
    [InlineData("R\0\0\0\x08\0\0\0\x0c", "not the one it claims")]
    [InlineData("HTTP/1.1 400", "too large")]
    [InlineData("", "cannot be reached")]
    public async Task What_is_no_PostgreSQL_is_said_at_once(string answer, string reason)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task server = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            await client.GetStream().ReadAtLeastAsync(new byte[1], 1);
            await client.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer));
            client.Client.Shutdown(SocketShutdown.Send);
            await client.GetStream().ReadAtLeastAsync(new byte[100_000], 100_000, throwOnEndOfStream: false);
        });
        var options = new ConnectionOptions { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, User = "u", Password = "p", SslMode = "disable" };
        DatabaseException error = await Assert.ThrowsAsync<DatabaseException>(() => PostgresConnection.OpenAsync(options, "database x", TestContext.Current.CancellationToken));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private Task<PostgresConnection> OpenAsync() => PostgresConnection.OpenAsync(DatabaseUrl.Parse(fixture.Postgres.Url), "database app", TestContext.Current.CancellationToken);
}
