using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

/// <summary>What the next process makes of what a dead one left. The real thing, with SIGKILL, is ./build.sh torture-commands.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TempDirectory _directory = new("crash");
    private readonly FakeTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("received", 1, CommandState.Succeeded)]
    [InlineData("planned", 1, CommandState.Succeeded)]
    [InlineData("intent", 0, CommandState.Failed)]
    [InlineData("acted", 0, CommandState.Succeeded)]
    [InlineData("outcome", 0, CommandState.Succeeded)]
    public async Task From_every_boundary_on_there_is_one_effect_and_one_final_state(string boundary, int runsAfterwards, CommandState state)
    {
        bool isDone = false;
        string? left = null;
        CommandOrder order;
        using (var rig = new CommandRig(_directory.Folder("first"), _time))
        {
            rig.Handler.OnRun = (_, _) =>
            {
                isDone = true;
                return Task.FromResult(new CommandOutcome(true, "done"));
            };
            bool wasDone = false;
            rig.OnStep = (_, step) =>
            {
                if (step == boundary)
                {
                    left = Copy(_directory.Folder("first"), _directory.Folder("second"));
                    wasDone = isDone;
                }
            };
            order = rig.Order();
            await rig.DoAsync(order);
            isDone = wasDone;
        }

        using var next = new CommandRig(left!, _time);
        next.Handler.OnReconcile = (_, before) =>
        {
            Assert.Equal("failed", before["active_state"]);
            return new CommandOutcome(isDone, isDone ? "it is active" : "it is as it was");
        };
        next.Executor.TakeUp();
        CommandReport end = await next.EndOfAsync(order.Body.CommandId);
        Assert.Equal((state, runsAfterwards), (end.State, next.Handler.Runs));
        next.Executor.Submit(order, CommandOrigin.Aggregator, next.Reports.Enqueue);
        Assert.Equal((state, end.Sequence), (next.Reports.Last().State, next.Reports.Last().Sequence));
        Assert.Equal(runsAfterwards, next.Handler.Runs);
    }

    [Fact]
    public async Task What_cannot_be_told_is_unknown_and_not_repeated()
    {
        string id = await LeaveAt("intent");
        using var next = new CommandRig(_directory.Folder("second"), _time);
        next.Executor.TakeUp();
        CommandReport end = await next.EndOfAsync(id);
        Assert.Equal((CommandState.UnknownReconciled, 0, 1), (end.State, next.Handler.Runs, next.Handler.Reconciled));
        Assert.Contains("it is not repeated: look at the host", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_that_fails_is_said_and_the_state_is_unknown()
    {
        string id = await LeaveAt("intent");
        using var next = new CommandRig(_directory.Folder("second"), _time);
        next.Handler.OnReconcile = static (_, _) => throw new InvalidOperationException("no bus");
        next.Executor.TakeUp();
        CommandReport end = await next.EndOfAsync(id);
        Assert.Equal(CommandState.UnknownReconciled, end.State);
        Assert.Contains("(no bus)", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_had_not_begun_and_is_late_now_expires()
    {
        string id = await LeaveAt("received");
        _time.Advance(TimeSpan.FromHours(1));
        using var next = new CommandRig(_directory.Folder("second"), _time);
        next.Executor.TakeUp();
        Assert.Equal((CommandState.Expired, 0), ((await next.EndOfAsync(id)).State, next.Handler.Runs));
    }

    [Theory]
    [InlineData(true, CommandOrigin.Aggregator, "secret arguments")]
    [InlineData(false, CommandOrigin.Local, "order it again if it is still wanted")]
    [InlineData(false, CommandOrigin.Reflex, "order it again if it is still wanted")]
    public async Task What_had_not_begun_and_cannot_be_taken_up_is_rejected(bool hasSecret, object origin, string why)
    {
        string id = await LeaveAt("received", hasSecret, (CommandOrigin)origin);
        using var next = new CommandRig(_directory.Folder("second"), _time);
        next.Executor.TakeUp();
        CommandReport end = await next.EndOfAsync(id);
        Assert.Equal((CommandState.Rejected, 0), (end.State, next.Handler.Runs));
        Assert.Contains(why, end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_ends_lets_what_runs_finish()
    {
        using var rig = new CommandRig(_directory.Folder("first"), TimeProvider.System);
        var go = new TaskCompletionSource();
        rig.Handler.OnRun = async (_, _) =>
        {
            await go.Task;
            return new CommandOutcome(true, "done");
        };
        CommandOrder order = rig.Order();
        rig.Executor.Submit(order, CommandOrigin.Aggregator);
        await Eventually.TrueAsync(() => rig.Handler.Runs == 1, "it runs");
        Task stopping = rig.Executor.StopAsync(TimeSpan.FromSeconds(20));
        CommandOrder late = rig.Order();
        rig.Executor.Submit(late, CommandOrigin.Aggregator);
        Assert.Null(rig.Journal.Find(late.Body.CommandId));
        Assert.False(stopping.IsCompleted);
        go.SetResult();
        await stopping;
        Assert.Equal(CommandState.Succeeded, rig.Journal.Find(order.Body.CommandId)!.State);
    }

    [Fact]
    public async Task What_does_not_finish_in_time_is_looked_into_by_the_next_process()
    {
        string id;
        using (var rig = new CommandRig(_directory.Folder("first"), TimeProvider.System))
        {
            rig.Handler.OnRun = static async (_, cancellation) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                return new CommandOutcome(true, "never");
            };
            CommandOrder order = rig.Order();
            CommandOrder waiting = rig.Order(change: static body => body.NotBeforeUnixMs += 50_000);
            id = order.Body.CommandId;
            rig.Executor.Submit(order, CommandOrigin.Aggregator);
            rig.Executor.Submit(waiting, CommandOrigin.Aggregator);
            await Eventually.TrueAsync(() => rig.Handler.Runs == 1, "it runs");
            await rig.Executor.StopAsync(TimeSpan.FromMilliseconds(300));
            Assert.Equal((CommandState.Running, CommandState.Delivered), (rig.Journal.Find(id)!.State, rig.Journal.Find(waiting.Body.CommandId)!.State));
            await Eventually.TrueAsync(() => rig.Executor.UnderWay == 0, "both are left");
        }

        using var next = new CommandRig(_directory.Folder("first"), TimeProvider.System);
        next.Handler.OnReconcile = static (_, _) => new CommandOutcome(false, "it is as it was");
        next.Executor.TakeUp();
        CommandReport end = await next.EndOfAsync(id);
        Assert.Equal((CommandState.Failed, "the agent ended while it ran; seen afterwards: it is as it was"), (end.State, end.Message));
        Assert.Equal(1, next.Executor.UnderWay);
    }

    [Fact]
    public async Task On_a_disk_that_cannot_be_written_nothing_is_done()
    {
        using var rig = new CommandRig(_directory.Folder("first"), _time);
        rig.Journal.Dispose();
        Directory.Delete(_directory.File("first", "operators.d"));
        File.Delete(_directory.File("first", "commands.journal"));
        Directory.CreateDirectory(_directory.File("first", "commands.journal"));
        CommandReport end = await rig.DoAsync(rig.Order());
        Assert.Equal((CommandState.Rejected, 0UL, 0), (end.State, end.Sequence, rig.Handler.Plans));
        Assert.Contains("does nothing that it cannot write down", end.Message, StringComparison.Ordinal);
    }

    /// <summary>Gives an order and keeps what is on the disk at a boundary as a directory <c>second</c>.</summary>
    private async Task<string> LeaveAt(string boundary, bool hasSecret = false, CommandOrigin origin = CommandOrigin.Aggregator)
    {
        using var rig = new CommandRig(_directory.Folder("first"), _time);
        rig.OnStep = (_, step) =>
        {
            if (step == boundary)
            {
                Copy(_directory.Folder("first"), _directory.Folder("second"));
            }
        };
        CommandOrder order = rig.Order(change: body =>
        {
            if (hasSecret)
            {
                body.Args.Insert(0, new Arg { Name = "password", Value = "hunter2-hunter2" });
            }
        });
        await rig.DoAsync(order, origin);
        return order.Body.CommandId;
    }

    private static string Copy(string from, string to)
    {
        foreach (string name in new[] { CommandJournal.FileName, "commands.yaml" })
        {
            File.Copy(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
        }

        return to;
    }
}
