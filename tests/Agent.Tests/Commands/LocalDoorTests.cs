using System.Net.Sockets;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Local;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

public sealed class LocalDoorTests : IDisposable
{
    private readonly TempDirectory _directory = new("door");
    private readonly CommandRig _rig;
    private readonly LocalDoor _door;

    public LocalDoorTests()
    {
        _rig = new CommandRig(_directory.FullPath, TimeProvider.System);
        _door = new LocalDoor(_directory.FullPath, _rig.Executor, CommandRig.HostId, TimeProvider.System, _rig);
    }

    public void Dispose()
    {
        _door.Dispose();
        _rig.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_order_through_the_door_is_carried_out_by_the_agent_that_runs_and_answered_there()
    {
        _rig.Handler.OnRun = static (context, _) =>
        {
            context.Output("hello"u8.ToArray());
            return Task.FromResult(new CommandOutcome(true, "done"));
        };
        using Socket visitor = await Visit();
        await LocalWire.SendAsync(visitor, _rig.Order(change: static body => body.Targets.Clear()), CancellationToken.None);
        var reports = new List<CommandReport>();
        while (await LocalWire.ReceiveAsync(visitor, CommandReport.Parser, CancellationToken.None) is { } report)
        {
            reports.Add(report);
        }

        Assert.Equal([CommandState.Running, CommandState.Running, CommandState.Succeeded], reports.Select(static one => one.State));
        Assert.Equal("hello", reports[1].Output.ToStringUtf8());
        Assert.Equal(CommandOrigin.Local, Assert.Single(_rig.Journal.Entries()).Origin);
    }

    [Fact]
    public async Task Whoever_sends_nonsense_or_goes_away_harms_nobody()
    {
        for (int i = 0; i < 20; i++)
        {
            using Socket visitor = await Visit();
            if (i % 2 == 0)
            {
                await visitor.SendAsync(new byte[] { 0xFF, 0xFF, 0xFF, (byte)i }, SocketFlags.None);
            }
        }

        using Socket last = await Visit();
        await LocalWire.SendAsync(last, _rig.Order(unit: "sshd.service"), CancellationToken.None);
        Assert.Equal(CommandState.Rejected, (await LocalWire.ReceiveAsync(last, CommandReport.Parser, CancellationToken.None))!.State);
    }

    [Fact]
    public void Only_its_owner_can_open_it() => Assert.Equal(
        UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory.File(LocalWire.SocketName)) & (UnixFileMode)0x1FF);

    private async Task<Socket> Visit()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_directory.File(LocalWire.SocketName)));
        return socket;
    }
}
