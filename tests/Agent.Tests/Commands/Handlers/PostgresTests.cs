using System.Diagnostics;
using System.Globalization;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Databases;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>The commands on PostgreSQL against a real server.</summary>
public sealed class PostgresTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly TempDirectory _folder = new("dsn");

    private RealPostgres Postgres => fixture.Postgres;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Idle_sessions_are_ended_and_only_those_that_are_meant()
    {
        using Process meant = Postgres.OpenSession("set application_name = 'meant'; select 1;");
        using Process busy = Postgres.OpenSession("set application_name = 'busy'; select pg_sleep(60);");
        using Process inside = Postgres.OpenSession("set application_name = 'inside'; begin; select 1;");
        try
        {
            await Eventually.TrueAsync(
                async () => await Postgres.SqlAsync("select count(*) from pg_stat_activity where application_name in ('meant', 'busy', 'inside') and now() - state_change > '1.2s'") == "3",
                "three sessions");
            HandlerRun run = Run("terminate-idle", ("older_than", "1s"));
            CommandPlan plan = await run.PlanAsync();
            Assert.Null(plan.Refusal);
            Assert.Equal(["postgres:main"], plan.Subjects);
            Assert.Equal(("1", "30"), (plan.Facts["meant"], plan.Facts["max_connections"]));
            Assert.Contains("admin@app, meant", Assert.Single(plan.Steps), StringComparison.Ordinal);
            CommandOutcome outcome = await run.RunAsync();
            Assert.True(outcome.Succeeded, outcome.Message);
            Assert.Equal("1", outcome.Results!["terminated"]);
            Assert.Equal("busy,inside", await Postgres.SqlAsync("select string_agg(application_name, ',' order by 1) from pg_stat_activity where application_name in ('meant', 'busy', 'inside')"));
            Assert.True((await run.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);

            outcome = await Run("terminate-idle", ("older_than", "1s"), ("in_transaction", "true"), ("user", "nobody")).RunAsync();
            Assert.Equal("0", outcome.Results!["terminated"]);
            outcome = await Run("terminate-idle", ("older_than", "1s"), ("in_transaction", "true"), ("dbname", "app")).RunAsync();
            Assert.Equal("1", outcome.Results!["terminated"]);
        }
        finally
        {
            // A server goes on with a query whose client is gone, and what it has seen keeps others from rebuilding an index.
            await Postgres.SqlAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name in ('meant', 'busy', 'inside')");
            meant.Kill();
            busy.Kill();
            inside.Kill();
        }
    }

    [Fact]
    public async Task A_query_is_cancelled_and_its_session_ended_by_number_and_start()
    {
        using Process busy = Postgres.OpenSession("set application_name = 'long'; select pg_sleep(60); select 'after';");
        try
        {
            string row = "";
            await Eventually.TrueAsync(
                async () => (row = await Postgres.SqlAsync("select pid || ' ' || (extract(epoch from backend_start) * 1000000)::bigint from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and application_name = 'long'")).Length > 0,
                "the query runs");
            string[] identity = row.Split(' ');
            Assert.Contains("not the one meant", (await Run("cancel", ("pid", identity[0]), ("started", "12345")).PlanAsync()).Refusal, StringComparison.Ordinal);
            HandlerRun cancel = Run("cancel", ("pid", identity[0]), ("started", identity[1]));
            CommandOutcome outcome = await cancel.RunAsync();
            Assert.True(outcome.Succeeded, outcome.Message);
            Assert.True((await cancel.ReconcileAsync(DateTimeOffset.UtcNow))!.Succeeded);
            await busy.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10)); // ON_ERROR_STOP
            Assert.Contains("canceling statement due to user request", await busy.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
            Assert.Contains("no client session", (await Run("cancel", ("pid", identity[0])).PlanAsync()).Refusal, StringComparison.Ordinal);
        }
        finally
        {
            busy.Kill();
        }
    }

    [Fact]
    public async Task Old_rows_are_deleted_where_it_is_allowed_and_everything_is_vacuumed_and_reindexed()
    {
        await Postgres.SqlAsync("create table tool_call_logs(id bigserial primary key, created_at timestamptz); "
            + "insert into tool_call_logs(created_at) select now() - make_interval(days => i % 60) from generate_series(0, 11999) i; create table \"odd \"\"name\"(x int)");
        HandlerRun run = Run("maintain", ("delete", "tool_call_logs:30d"), ("reindex", "true"));
        CommandPlan plan = await run.PlanAsync();
        Assert.Null(plan.Refusal);
        Assert.Equal("6000", plan.Facts["old_rows_tool_call_logs"]);
        CommandOutcome outcome = await run.RunAsync();
        Assert.True(outcome.Succeeded, outcome.Message);
        Assert.Equal(("6000", "0"), (outcome.Results!["deleted_tool_call_logs"], outcome.Results["invalid_indexes"]));
        Assert.Equal("6000|0", await Postgres.SqlAsync("select count(*), count(*) filter (where created_at < now() - interval '31 days') from tool_call_logs"));
        Assert.Equal("t", await Postgres.SqlAsync("select last_vacuum is not null and last_analyze is not null from pg_stat_user_tables where relname = 'tool_call_logs'"));

        HandlerRun again = Run("maintain", ("delete", "tool_call_logs:31d"), ("tables", "tool_call_logs"));
        DateTimeOffset begun = DateTimeOffset.UtcNow;
        CommandOutcome second = await again.RunAsync();
        Assert.Equal("0", second.Results!["deleted_tool_call_logs"]);
        Assert.True((await again.ReconcileAsync(begun))!.Succeeded);
        Assert.False((await again.ReconcileAsync(DateTimeOffset.UtcNow.AddMinutes(1)))!.Succeeded);
    }

    [Theory]
    [InlineData("users:90d", "do not allow deleting rows of users")]
    [InlineData("tool_call_logs:1d", "once they are 7 days old")]
    [InlineData("tool_call_logs", "not of the form")]
    [InlineData("tool_call_logs; drop table x:90d", "do not allow")]
    public async Task What_the_host_does_not_allow_to_be_deleted_is_refused(string delete, string reason)
        => Assert.Contains(reason, (await Run("maintain", ("delete", delete)).PlanAsync()).Refusal, StringComparison.Ordinal);

    [Fact]
    public async Task A_table_name_cannot_become_sql()
    {
        await Postgres.SqlAsync("create table if not exists keep(x int)");
        CommandOutcome outcome = await Run("maintain", ("tables", "keep\"; drop table keep; --")).RunAsync();
        Assert.False(outcome.Succeeded);
        Assert.Contains("42P01", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("0", await Postgres.SqlAsync("select count(*) from keep"));
    }

    [Fact]
    public async Task What_is_wrong_on_the_way_to_the_database_is_said_without_the_password()
    {
        Assert.Contains("declare no database other", (await new HandlerRun("postgres.terminate-idle", Setup(Postgres.Url), ("database", "other")).PlanAsync()).Refusal, StringComparison.Ordinal);
        string wrong = (await RunWith(Postgres.Url.Replace("s3cret", "wr0ng", StringComparison.Ordinal)).PlanAsync()).Refusal!;
        Assert.Contains("28P01", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", wrong, StringComparison.Ordinal);
        string nobody = (await RunWith(Postgres.Url.Replace($":{Postgres.Port}", ":1", StringComparison.Ordinal)).PlanAsync()).Refusal!;
        Assert.Contains("cannot be reached", nobody, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", nobody, StringComparison.Ordinal);
    }

    private HandlerRun Run(string verb, params (string, string)[] args) => new("postgres." + verb, Setup(Postgres.Url), [("database", "main"), .. args]);

    private HandlerRun RunWith(string url) => new("postgres.terminate-idle", Setup(url), ("database", "main"));

    private HandlerSetup Setup(string url)
    {
        string file = _folder.File("env" + Directory.GetFiles(_folder.FullPath).Length.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(file, $"# the service's\nPORT=8000\nexport DATABASE_URL=\"{url}\"\n");
        var main = new DatabaseTarget
        {
            Name = "main",
            EnvFile = file,
            Retention = new Dictionary<string, (string, TimeSpan)> { ["tool_call_logs"] = ("created_at", TimeSpan.FromDays(7)) },
        };
        return HandlerRun.Setup() with { Targets = () => new LocalTargets { Databases = new Dictionary<string, DatabaseTarget> { ["main"] = main } } };
    }
}
