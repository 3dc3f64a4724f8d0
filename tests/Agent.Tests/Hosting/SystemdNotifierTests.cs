using System.Net.Sockets;
using System.Text;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Sampling;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Hosting;

public sealed class SystemdNotifierTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hostagent-notify-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_tells_ready_alive_and_stopping(bool isAbstract)
    {
        var name = isAbstract ? $"@hostagent-test-{Guid.NewGuid():N}" : Path.Combine(_directory, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name[1..] : name));
        systemd.ReceiveTimeout = 5_000;
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = name, ["WATCHDOG_USEC"] = "3000000" };
        using var notifier = new SystemdNotifier(key => environment.GetValueOrDefault(key));
        notifier.Ready("fine");
        notifier.StillAlive();
        notifier.Stopping();
        Assert.Equal("READY=1\nSTATUS=fine\n", Receive(systemd));
        Assert.Equal("WATCHDOG=1\n", Receive(systemd));
        Assert.Equal("STOPPING=1\n", Receive(systemd));
        Assert.Equal(TimeSpan.FromSeconds(1.5), notifier.WatchdogInterval);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/notify")]
    [InlineData("relative")]
    public void Without_systemd_it_does_nothing(string? socket)
    {
        using var notifier = new SystemdNotifier(key => key == "NOTIFY_SOCKET" ? socket : null);
        notifier.Ready("fine");
        notifier.Stopping();
        Assert.Null(notifier.WatchdogInterval);
    }

    [Fact]
    public void Ticks_are_the_sign_of_life()
    {
        var name = Path.Combine(_directory, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(name));
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = name, ["WATCHDOG_USEC"] = "40000000" };
        using var notifier = new SystemdNotifier(key => environment.GetValueOrDefault(key));
        var time = new FakeTime();
        var sink = new WatchdogSink(new TickPrinter(), notifier, time);
        for (var second = 0; second < 40; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            sink.OnTick(second, [0], new SeriesTable());
        }

        var told = 0;
        while (systemd.Available > 0)
        {
            Assert.Equal("WATCHDOG=1\n", Receive(systemd));
            told++;
        }

        Assert.Equal(4, told);
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[200];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
