using System.Net.Sockets;
using System.Text;
using HostAgent.Aggregator.Hosting;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Aggregator.Tests.Hosting;

public sealed class SystemdNotifierTests : IDisposable
{
    private readonly TempDirectory _directory = new("notify");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
    private readonly FakeTime _time = new();

    public SystemdNotifierTests() => _systemd.Bind(new UnixDomainSocketEndPoint(_directory.File("socket")));

    public void Dispose()
    {
        _systemd.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_says_ready_alive_and_stopping()
    {
        SystemdNotifier notifier = Notifier(("NOTIFY_SOCKET", _directory.File("socket")), ("WATCHDOG_USEC", "30000000"));
        await notifier.StartAsync(CancellationToken.None);
        Assert.Equal("WATCHDOG=1\n", Receive());
        notifier.Ready("listening");
        Assert.Equal("READY=1\nSTATUS=listening\n", Receive());
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Equal(0, _systemd.Available);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("WATCHDOG=1\n", Receive());
        await notifier.StopAsync(CancellationToken.None);
        Assert.StartsWith("STOPPING=1\n", Receive());
    }

    [Theory]
    [InlineData("WATCHDOG_USEC", "rubbish")]
    [InlineData("WATCHDOG_PID", "1")]
    public async Task A_watchdog_that_is_not_ours_hears_nothing(string variable, string value)
    {
        SystemdNotifier notifier = Notifier(("WATCHDOG_USEC", "30000000"), ("NOTIFY_SOCKET", _directory.File("socket")), (variable, value));
        await notifier.StartAsync(CancellationToken.None);
        await notifier.ExecuteTask!;
        Assert.Equal(0, _systemd.Available);
    }

    [Fact]
    public async Task Without_systemd_it_is_silent_and_with_a_dead_one_it_only_warns()
    {
        foreach (SystemdNotifier notifier in new[] { Notifier(), Notifier(("NOTIFY_SOCKET", _directory.File("nobody"))) })
        {
            await notifier.StartAsync(CancellationToken.None);
            notifier.Ready("x");
            await notifier.StopAsync(CancellationToken.None);
        }

        Assert.Equal(0, _systemd.Available);
    }

    private SystemdNotifier Notifier(params (string Name, string Value)[] environment)
        => new(name => environment.LastOrDefault(pair => pair.Name == name).Value, _time, NullLogger<SystemdNotifier>.Instance);

    private string Receive()
    {
        byte[] buffer = new byte[512];
        return Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
    }
}
