using System.Diagnostics;
using System.Net.Sockets;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Systemd;
using HostAgent.TestSupport;

namespace HostAgent.Agent.Tests.Systemd;

/// <summary>Something that listens where systemd should, and is not what it should be.</summary>
public sealed class HostileSystemdTests : IDisposable
{
    private readonly TempDirectory _tree = new("tree");
    private readonly List<Socket> _sockets = [];

    public HostileSystemdTests() => _tree.Folder("run", "systemd", "system");

    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _tree.Dispose();
    }

    [Fact]
    public async Task One_that_never_answers_costs_a_bounded_time_and_is_named()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root asks systemd directly");
        await ListenAsync([], keepOpen: true);
        var time = new FakeTime();
        Task<SystemdClient> connect = SystemdClient.ConnectAsync(new LinuxRoots { Tree = _tree.FullPath }, time, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _sockets.Count == 2, "it has connected");
        Assert.False(connect.IsCompleted);
        time.Advance(DBusConnection.CallTimeout);
        SystemdException error = await Assert.ThrowsAsync<SystemdException>(() => connect.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("did not answer within 15 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REJECTED EXTERNAL\r\n", "does not accept this user")]
    [InlineData("", "ended the authentication")]
    public async Task One_that_refuses_is_named(string answer, string reason)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root asks systemd directly");
        await ListenAsync(System.Text.Encoding.ASCII.GetBytes(answer), keepOpen: false);
        SystemdException error = await Assert.ThrowsAsync<SystemdException>(
            () => SystemdClient.ConnectAsync(new LinuxRoots { Tree = _tree.FullPath }, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_sends_garbage_breaks_the_call_and_nothing_else()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root asks systemd directly");
        byte[] garbage = new byte[100_000];
        new Random(1).NextBytes(garbage);
        await ListenAsync([.. "OK 00\r\n"u8, .. garbage], keepOpen: true);
        await using SystemdClient client = await SystemdClient.ConnectAsync(
            new LinuxRoots { Tree = _tree.FullPath }, TimeProvider.System, TestContext.Current.CancellationToken);
        long began = Stopwatch.GetTimestamp();
        SystemdException error = await Assert.ThrowsAsync<SystemdException>(() => client.ReadAsync("a.service", TestContext.Current.CancellationToken));
        Assert.Contains("no D-Bus message", error.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Where_systemd_does_not_run_it_is_said_at_once()
    {
        Directory.Delete(_tree.File("run", "systemd", "system"));
        SystemdException error = await Assert.ThrowsAsync<SystemdException>(
            () => SystemdClient.ConnectAsync(new LinuxRoots { Tree = _tree.FullPath }, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains("systemd does not run on this host", error.Message, StringComparison.Ordinal);
    }

    private Task ListenAsync(byte[] answer, bool keepOpen)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _sockets.Add(listener);
        listener.Bind(new UnixDomainSocketEndPoint(_tree.File("run", "systemd", "private")));
        listener.Listen();
        _ = Task.Run(async () =>
        {
            Socket peer = await listener.AcceptAsync();
            if (answer.Length > 0)
            {
                await peer.SendAsync(answer);
            }

            if (!keepOpen)
            {
                peer.Shutdown(SocketShutdown.Both);
            }

            _sockets.Add(peer);
        });
        return Task.CompletedTask;
    }
}
