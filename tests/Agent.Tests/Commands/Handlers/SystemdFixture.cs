using HostAgent.TestSupport.Components;

namespace HostAgent.Agent.Tests.Commands.Handlers;

/// <summary>One systemd for all tests that need one.</summary>
public sealed class SystemdFixture : IAsyncLifetime
{
    private RealSystemd? _systemd;

    /// <summary>The running systemd; skips the test when it cannot run here.</summary>
    public RealSystemd Systemd
    {
        get
        {
            Assert.SkipWhen(_systemd is null, RealSystemd.Unavailable ?? "systemd did not start");
            return _systemd!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RealSystemd.Unavailable is null)
        {
            _systemd = await RealSystemd.StartAsync();
            await _systemd.InstallAsync(
                ("web.service", "[Service]\nExecStart=/bin/sh -c 'echo hello from web; exec sleep 1000'\nExecReload=/bin/kill -HUP $MAINPID\nSuccessExitStatus=SIGHUP\nRestart=on-failure\nRestartSec=50ms\n[Install]\nWantedBy=test.target\n"),
                ("broken.service", "[Service]\nExecStart=/bin/sh -c 'echo DB_PASSWORD=hunter2; echo cannot bind port 8000; exit 3'\n"),
                ("flapping.service", "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sh -c 'sleep 0.3; exit 4'\nRestart=always\nRestartSec=50ms\n"),
                ("stubborn.service", "[Service]\nExecStart=/bin/sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'\nTimeoutStopSec=1s\n"),
                ("once.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n"),
                ("manual.service", "[Unit]\nRefuseManualStart=yes\n[Service]\nExecStart=/bin/sleep 10\n"),
                ("slow.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 30\n"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_systemd is not null)
        {
            await _systemd.DisposeAsync();
        }
    }
}
