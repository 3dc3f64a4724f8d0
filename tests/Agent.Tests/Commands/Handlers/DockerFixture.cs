using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>One Docker daemon for all tests that need one.</summary>
public sealed class DockerFixture : IAsyncLifetime
{
    private RealDocker? _docker;

    /// <summary>The running daemon; skips the test when it cannot run here.</summary>
    public RealDocker Docker
    {
        get
        {
            Assert.SkipWhen(_docker is null, RealDocker.Unavailable ?? "dockerd did not start");
            return _docker!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RealDocker.Unavailable is null)
        {
            _docker = await RealDocker.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_docker is not null)
        {
            await _docker.DisposeAsync();
        }
    }
}
