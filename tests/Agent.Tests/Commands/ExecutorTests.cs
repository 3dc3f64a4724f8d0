using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

public sealed class ExecutorTests : IDisposable
{
    private readonly TempDirectory _directory = new("executor");
    private readonly FakeTime _time = new();
    private readonly CommandRig _rig;

    public ExecutorTests() => _rig = new CommandRig(_directory.FullPath, _time);

    public void Dispose()
    {
        _rig.Dispose();
        _directory.Dispose();
    }

    public static TheoryData<string, Action<CommandOrder>, CommandState, string> Refused { get; } = new()
    {
        { "no target", static order => order.Body.Targets.Clear(), CommandState.Rejected, "it is not for this host" },
        { "other target", static order => order.Body.Targets[0] = new string('f', 32), CommandState.Rejected, "it is not for this host" },
        { "no not-after", static order => order.Body.NotAfterUnixMs = 0, CommandState.Rejected, "not-after is missing" },
        { "not-after first", static order => order.Body.NotAfterUnixMs = order.Body.NotBeforeUnixMs - 1, CommandState.Rejected, "lies before its not-before" },
        { "too far ahead", static order => order.Body.NotAfterUnixMs += 32L * 86_400_000, CommandState.Rejected, "more than 31 days ahead" },
        { "too late", static order => { order.Body.NotBeforeUnixMs -= 600_000; order.Body.NotAfterUnixMs -= 91_000; }, CommandState.Expired, "31 s ago" },
        { "unknown kind", static order => order.Body.Kind = "service.burn", CommandState.Rejected, "knows no kind service.burn; it knows service.restart" },
        { "unknown argument", static order => order.Body.Args.Insert(0, new Arg { Name = "force", Value = "1" }), CommandState.Rejected, "unknown argument \"force\"" },
        { "missing argument", static order => order.Body.Args.Clear(), CommandState.Rejected, "argument unit is missing" },
        { "no signature's operator", static order => order.Signatures.Add(new OrderSignature { Operator = "../x", Signature = Google.Protobuf.ByteString.CopyFrom(new byte[64]) }), CommandState.Rejected, "no name that a key file can have" },
        { "unknown operator", static order => order.Signatures.Add(new OrderSignature { Operator = "mallory", Signature = Google.Protobuf.ByteString.CopyFrom(new byte[64]) }), CommandState.Rejected, "knows no operator mallory" },
        { "denied subject", static order => order.Body.Args[0].Value = "sshd.service", CommandState.Rejected, "does not allow service.restart on unit:sshd.service" },
        { "precondition", static order => order.Body.Precondition = "active_state=active", CommandState.Rejected, "active_state=active does not hold: active_state is failed" },
        { "unseen fact", static order => order.Body.Precondition = "uptime=1", CommandState.Rejected, "asks for something that was not seen; seen were active_state" },
        { "no precondition", static order => order.Body.Precondition = "whatever", CommandState.Rejected, "\"whatever\" is no precondition" },
        { "override unsigned", static order => order.Body.Precondition = "budget=override", CommandState.Rejected, "counts only in an order that an operator has signed" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_may_not_be_done_is_refused_with_the_reason_and_nothing_is_done(string what, Action<CommandOrder> change, CommandState state, string reason)
    {
        CommandOrder order = _rig.Order();
        change(order);
        CommandReport end = await _rig.DoAsync(order);
        Assert.True((end.State, end.Message.Contains(reason, StringComparison.Ordinal)) == (state, true), $"{what}: {end.State} {end.Message}");
        Assert.Equal((0, state), (_rig.Handler.Runs, _rig.Journal.Find(order.Body.CommandId)!.State));
        Assert.NotEqual(0UL, end.Sequence);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123")]
    public async Task An_order_without_a_proper_id_is_refused_and_not_kept(string id)
    {
        CommandOrder order = _rig.Order(change: body => body.CommandId = id);
        CommandReport end = await _rig.DoAsync(order);
        Assert.Equal((CommandState.Rejected, 0UL), (end.State, end.Sequence));
        Assert.Empty(_rig.Journal.Entries());
    }

    [Fact]
    public async Task An_order_that_has_no_canonical_form_is_refused()
    {
        CommandOrder order = _rig.Order(change: static body => body.Args.Insert(0, new Arg { Name = "zone", Value = "x" }));
        Assert.Contains("args are not ascending", (await _rig.DoAsync(order)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_order_with_a_known_id_is_rejected_and_the_first_one_keeps_its_state()
    {
        CommandOrder order = _rig.Order();
        await _rig.DoAsync(order);
        _rig.Reports.Clear();
        CommandOrder other = order.Clone();
        other.Body.Args[0].Value = "web-2.service";
        CommandReport end = await _rig.DoAsync(other);
        Assert.Equal((CommandState.Rejected, 0UL), (end.State, end.Sequence));
        Assert.Contains("another order with this id", end.Message, StringComparison.Ordinal);
        Assert.Equal((CommandState.Succeeded, 1), (_rig.Journal.Find(order.Body.CommandId)!.State, _rig.Handler.Runs));
    }

    [Fact]
    public async Task An_order_waits_for_its_not_before()
    {
        CommandOrder order = _rig.Order(change: static body => { body.NotBeforeUnixMs += 3_600_000; body.NotAfterUnixMs += 3_600_000; });
        _rig.Executor.Submit(order, CommandOrigin.Aggregator);
        await Eventually.TrueAsync(() => _rig.Outbox.Unacknowledged == 1, "received");
        Assert.Equal((CommandState.Delivered, 0), (_rig.Journal.Find(order.Body.CommandId)!.State, _rig.Handler.Plans));
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                return _rig.Journal.Find(order.Body.CommandId)!.HasEnded;
            },
            "its time comes");
        Assert.Equal(CommandState.Succeeded, _rig.Journal.Find(order.Body.CommandId)!.State);
        Assert.True(_rig.Journal.Find(order.Body.CommandId)!.BegunUnixMs >= order.Body.NotBeforeUnixMs - 30_000, "not earlier than the clocks may differ");
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_does_nothing()
    {
        CommandReport end = await _rig.DoAsync(_rig.Order(change: static body => body.DryRun = true));
        Assert.Equal((CommandState.Succeeded, "restart web-1.service", 0), (end.State, end.Message, _rig.Handler.Runs));
        Assert.Equal("failed", Assert.Single(end.Results).Value);
        Assert.Equal(0, Assert.Single(_rig.Journal.Entries()).BegunUnixMs);
    }

    [Fact]
    public async Task A_plan_that_refuses_ends_as_rejected()
    {
        _rig.Handler.OnPlan = static _ => new CommandPlan { Subjects = ["unit:web-1.service"], Refusal = "there is no such unit" };
        CommandReport end = await _rig.DoAsync(_rig.Order());
        Assert.Equal((CommandState.Rejected, "there is no such unit", 0), (end.State, end.Message, _rig.Handler.Runs));
    }

    [Fact]
    public async Task A_handler_that_fails_or_throws_makes_a_failed_command()
    {
        _rig.Handler.OnRun = static (_, _) => Task.FromResult(new CommandOutcome(false, "it did not start"));
        Assert.Equal((CommandState.Failed, "it did not start"), Ended(await _rig.DoAsync(_rig.Order())));
        _rig.Handler.OnRun = static (_, _) => throw new InvalidOperationException("the bus is gone");
        Assert.Equal((CommandState.Failed, "the bus is gone"), Ended(await _rig.DoAsync(_rig.Order())));
        _rig.Handler.OnPlan = static _ => throw new InvalidOperationException("the bus is gone");
        CommandReport end = await _rig.DoAsync(_rig.Order());
        Assert.Equal(CommandState.Rejected, end.State);
        Assert.Contains("nothing was done: the bus is gone", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_timed_out_and_one_that_will_not_stop_keeps_its_subject()
    {
        var really = new TaskCompletionSource();
        _rig.Handler.OnRun = async (_, cancellation) =>
        {
            await really.Task;
            return new CommandOutcome(true, "after all");
        };
        CommandOrder order = _rig.Order(change: static body => body.TimeoutMs = 1000);
        _rig.Executor.Submit(order, CommandOrigin.Aggregator);
        await Eventually.TrueAsync(() => _rig.Handler.Runs == 1, "it runs");
        CommandEntry entry = _rig.Journal.Find(order.Body.CommandId)!;
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return entry.HasEnded;
            },
            "it is timed out");
        Assert.Equal(CommandState.TimedOut, entry.State);
        Assert.Equal("it took longer than 1 s; it did not stop within 30 s of being told to and may still act", entry.Report.Message);

        _rig.Handler.OnRun = static (_, _) => Task.FromResult(new CommandOutcome(true, "done"));
        CommandOrder next = _rig.Order(change: static body => body.NotAfterUnixMs += 3_600_000);
        _rig.Executor.Submit(next, CommandOrigin.Aggregator);
        await Eventually.TrueAsync(() => _rig.Handler.Plans == 2, "the next one is planned");
        Assert.Equal(1, _rig.Handler.Runs);
        really.SetResult();
        Assert.Equal(CommandState.Succeeded, (await _rig.EndOfAsync(next.Body.CommandId)).State);
    }

    [Fact]
    public async Task A_command_that_waits_is_cancelled_without_having_been_begun()
    {
        CommandOrder order = _rig.Order(change: static body => body.NotBeforeUnixMs += 50_000);
        _rig.Executor.Submit(order, CommandOrigin.Aggregator);
        _rig.Executor.Cancel(order.Body.CommandId, "not needed");
        CommandReport end = await _rig.EndOfAsync(order.Body.CommandId);
        Assert.Equal((CommandState.Cancelled, "cancelled: not needed; nothing was done", 0), (end.State, end.Message, _rig.Handler.Runs));
    }

    [Fact]
    public async Task On_one_subject_one_command_runs_at_a_time_and_the_next_one_is_planned_anew()
    {
        int running = 0, most = 0;
        _rig.Handler.OnRun = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return new CommandOutcome(true, "done");
        };
        CommandOrder[] orders = [.. Enumerable.Range(0, 20).Select(_ => _rig.Order())];
        foreach (CommandOrder order in orders)
        {
            _rig.Executor.Submit(order, CommandOrigin.Aggregator);
        }

        foreach (CommandOrder order in orders)
        {
            Assert.Equal(CommandState.Succeeded, (await _rig.EndOfAsync(order.Body.CommandId)).State);
        }

        Assert.Equal((20, 1), (_rig.Handler.Runs, most));
    }

    [Fact]
    public async Task Not_more_commands_run_at_once_than_allowed()
    {
        var go = new TaskCompletionSource();
        int running = 0, most = 0;
        _rig.Handler.OnRun = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await go.Task;
            Interlocked.Decrement(ref running);
            return new CommandOutcome(true, "done");
        };
        CommandOrder[] orders = [.. Enumerable.Range(0, 10).Select(i => _rig.Order(unit: $"web-{i}.service"))];
        foreach (CommandOrder order in orders)
        {
            _rig.Executor.Submit(order, CommandOrigin.Aggregator);
        }

        await Eventually.TrueAsync(() => Volatile.Read(ref running) == 4 && _rig.Handler.Plans >= 10, "four run");
        go.SetResult();
        foreach (CommandOrder order in orders)
        {
            Assert.Equal(CommandState.Succeeded, (await _rig.EndOfAsync(order.Body.CommandId)).State);
        }

        Assert.Equal(4, most);
    }

    [Fact]
    public async Task Secrets_are_neither_logged_nor_journalled_nor_reported()
    {
        _rig.Handler.OnRun = static (context, _) =>
        {
            context.Progress(10, $"using {context.Arg("password")}");
            return Task.FromResult(new CommandOutcome(true, $"logged in with {context.Arg("password")}", new Dictionary<string, string> { ["url"] = $"http://x:{context.Arg("password")}@y" }));
        };
        CommandOrder order = _rig.Order(change: static body => body.Args.Insert(0, new Arg { Name = "password", Value = "hunter2-hunter2" }));
        CommandReport end = await _rig.DoAsync(order);
        Assert.Equal((CommandState.Succeeded, "logged in with (secret)"), Ended(end));
        Assert.DoesNotContain(_rig.Reports, static report => report.ToString().Contains("hunter2", StringComparison.Ordinal));
        Assert.DoesNotContain(_rig.Logged, static line => line.Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal(-1, File.ReadAllBytes(Path.Combine(_directory.FullPath, CommandJournal.FileName)).AsSpan().IndexOf("hunter2"u8));
    }

    [Fact]
    public async Task Output_is_bounded_and_marked_where_it_is_cut()
    {
        _rig.Handler.OnRun = static (context, _) =>
        {
            context.Output(new byte[3 << 20]);
            return Task.FromResult(new CommandOutcome(true, "done"));
        };
        CommandReport end = await _rig.DoAsync(_rig.Order());
        Assert.True(end.OutputTruncated);
        Assert.Equal(1 << 20, _rig.Reports.Sum(static report => report.Output.Length));
    }

    private static (CommandState, string) Ended(CommandReport report) => (report.State, report.Message);
}
