using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>One PostgreSQL for the tests of a class.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private RealPostgres? _postgres;

    /// <summary>The running server; skips the test when it cannot run here.</summary>
    public RealPostgres Postgres
    {
        get
        {
            Assert.SkipWhen(_postgres is null, RealPostgres.Unavailable ?? "PostgreSQL did not start");
            return _postgres!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RealPostgres.Unavailable is null)
        {
            _postgres = await RealPostgres.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }
}
