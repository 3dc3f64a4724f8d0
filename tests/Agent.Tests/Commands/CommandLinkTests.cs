using Grpc.Core;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Streaming;
using HostAgent.Protos.Commands;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

public sealed class CommandLinkTests : IDisposable
{
    private readonly TempDirectory _directory = new("commandlink");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_order_over_the_wire_is_carried_out_journalled_and_reported()
    {
        var look = new ScriptedHandler("logs.tail", changes: false);
        look.OnRun = static (context, _) =>
        {
            context.Progress(50, "half of it");
            context.Output("line\n"u8.ToArray());
            return Task.FromResult(new CommandOutcome(true, "1 line", new Dictionary<string, string> { ["lines"] = "1" }));
        };
        await using var dispatcher = await ScriptedDispatcher.StartAsync();
        using var rig = new CommandRig(_directory.FullPath, TimeProvider.System, null, look);
        rig.SetPolicy("allow: [{ kinds: [logs.tail], subjects: [\"unit:*\"] }]");
        await using var link = new LinkRig(rig, dispatcher);

        CommandOrder order = rig.Order("logs.tail");
        await dispatcher.OrderAsync(order);
        await Eventually.TrueAsync(() => dispatcher.Reports.Any(static one => one.State.IsFinal()), "it is reported");

        CommandReport[] reports = [.. dispatcher.Reports];
        Assert.All(reports, report => Assert.Equal(order.Body.CommandId, report.CommandId));
        Assert.Equal(
            [CommandState.Delivered, CommandState.Running, CommandState.Running, CommandState.Running, CommandState.Succeeded], reports.Select(static one => one.State));
        Assert.Equal((50u, "half of it"), (reports[2].Percent, reports[2].Message));
        Assert.Equal("line\n", reports[3].Output.ToStringUtf8());
        Assert.Equal(("1 line", "1"), (reports[4].Message, reports[4].Results.Single(static one => one.Name == "lines").Value));
        ulong[] sequences = [.. reports.Select(static one => one.Sequence).Where(static sequence => sequence != 0)];
        Assert.Equal(3, sequences.Distinct().Count());
        Assert.Equal(sequences.Order(), sequences);
        CommandEntry entry = Assert.Single(rig.Journal.Entries());
        Assert.Equal((CommandState.Succeeded, "alice"), (entry.State, entry.Order.RequestedBy));
        await Eventually.TrueAsync(() => rig.Outbox.Unacknowledged == 0, "the acks are taken");
    }

    [Fact]
    public async Task The_hello_says_what_the_agent_knows_and_what_its_policy_allows()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync();
        using var rig = new CommandRig(
            _directory.FullPath, TimeProvider.System, null, new ScriptedHandler("service.restart") { Signatures = 1 }, new ScriptedHandler("logs.tail", changes: false));
        await using var link = new LinkRig(rig, dispatcher);
        await Eventually.TrueAsync(() => !dispatcher.Hellos.IsEmpty, "hello");
        Assert.True(dispatcher.Hellos.TryPeek(out CommandHello? hello));
        Assert.Equal((1u, CommandRig.HostId, "test-host"), (hello.Protocol, hello.HostId, hello.HostName));
        Assert.Equal(
            [("logs.tail", false, false, 0u), ("service.restart", true, true, 1u)],
            hello.Kinds.Select(static kind => (kind.Kind, kind.Changes, kind.Allowed, kind.Signatures)));
        Assert.Equal(["unit", "password"], hello.Kinds[0].Args.Select(static arg => arg.Name));
    }

    [Fact]
    public async Task Reports_are_sent_again_until_they_are_acknowledged_also_by_the_next_process()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync();
        dispatcher.Acknowledges = false;
        string id;
        using (var rig = new CommandRig(_directory.FullPath, TimeProvider.System))
        {
            await using var link = new LinkRig(rig, dispatcher);
            CommandOrder order = rig.Order();
            id = order.Body.CommandId;
            await dispatcher.OrderAsync(order);
            await Eventually.TrueAsync(() => dispatcher.Reports.Any(static one => one.State.IsFinal()), "it is reported");
            await dispatcher.HangUpAsync();
            await Eventually.TrueAsync(() => dispatcher.Reports.Count(static one => one.State.IsFinal()) == 2, "and again after the call");
        }

        dispatcher.Acknowledges = true;
        using var next = new CommandRig(_directory.FullPath, TimeProvider.System);
        next.Executor.TakeUp();
        await using var nextLink = new LinkRig(next, dispatcher);
        await Eventually.TrueAsync(() => next.Outbox.Unacknowledged == 0, "acknowledged");
        CommandReport[] finals = [.. dispatcher.Reports.Where(static one => one.State.IsFinal())];
        Assert.Equal(3, finals.Length);
        Assert.Single(finals.Select(static one => (one.CommandId, one.Sequence, one.State, one.Message)).Distinct());
        Assert.Equal(id, finals[0].CommandId);
        Assert.Equal(0, next.Handler.Runs);
    }

    [Fact]
    public async Task A_redelivered_order_is_answered_with_its_state_and_not_carried_out_again()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync();
        using var rig = new CommandRig(_directory.FullPath, TimeProvider.System);
        await using var link = new LinkRig(rig, dispatcher);
        CommandOrder order = rig.Order();
        for (int i = 1; i <= 3; i++)
        {
            await dispatcher.OrderAsync(order);
            int times = i;
            await Eventually.TrueAsync(() => dispatcher.Reports.Count(static one => one.State == CommandState.Succeeded) == times, "the state is told");
        }

        Assert.Equal(1, rig.Handler.Runs);
    }

    [Fact]
    public async Task A_cancellation_over_the_wire_ends_what_runs()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync();
        using var rig = new CommandRig(_directory.FullPath, TimeProvider.System);
        rig.Handler.OnRun = static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return new CommandOutcome(true, "never");
        };
        await using var link = new LinkRig(rig, dispatcher);
        CommandOrder order = rig.Order();
        await dispatcher.OrderAsync(order);
        await Eventually.TrueAsync(() => rig.Handler.Runs == 1, "it runs");
        await dispatcher.SendAsync(new AggregatorCommandMessage { Cancel = new CommandCancel { CommandId = order.Body.CommandId, Reason = "alice changed her mind" } });
        await Eventually.TrueAsync(() => dispatcher.Reports.Any(static one => one.State.IsFinal()), "it is reported");
        CommandReport last = dispatcher.Reports.Last(static one => one.State.IsFinal());
        Assert.Equal((CommandState.Cancelled, "cancelled: alice changed her mind"), (last.State, last.Message));
    }

    [Fact]
    public async Task An_aggregator_that_knows_no_commands_is_told_once_in_the_log_and_asked_rarely()
    {
        await using var dispatcher = await ScriptedDispatcher.StartAsync();
        dispatcher.OnHello = static _ => new Status(StatusCode.Unimplemented, "no such service");
        using var rig = new CommandRig(_directory.FullPath, TimeProvider.System);
        await using var link = new LinkRig(rig, dispatcher);
        await Eventually.TrueAsync(() => dispatcher.Hellos.Count >= 3, "it tries again");
        Assert.Single(rig.Logged, static line => line.Contains("The aggregator cannot give orders: Unimplemented: no such service", StringComparison.Ordinal));
        dispatcher.OnHello = static _ => null;
        await Eventually.TrueAsync(() => rig.Logged.Any(static line => line.Contains("can give orders again", StringComparison.Ordinal)), "and succeeds");
    }

    /// <summary>A link of its own between a rig and a dispatcher.</summary>
    private sealed class LinkRig : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Grpc.Net.Client.GrpcChannel _channel;
        private readonly Task _running;

        public LinkRig(CommandRig rig, ScriptedDispatcher dispatcher)
        {
            string ca = Path.Combine(rig.Directory, "test-ca.pem");
            File.WriteAllText(ca, dispatcher.CaPem);
            var options = new StreamingOptions
            {
                Aggregator = dispatcher.Address,
                CaFile = ca,
                MinReconnectDelay = TimeSpan.FromMilliseconds(20),
                MaxReconnectDelay = TimeSpan.FromMilliseconds(100),
            };
            _channel = AggregatorChannel.Open(options, new StreamFigures(), ChannelTrust.None);
            var identity = new HostIdentity(CommandRig.HostId, "test-host", "boot", "0.0", []);
            _running = new CommandLink(identity, rig.Setup, rig.Executor, options, rig).RunAsync(_channel, _stop.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _channel.Dispose();
            _stop.Dispose();
        }
    }
}
