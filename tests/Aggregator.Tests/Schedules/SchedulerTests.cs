using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Schedules;
using HostAgent.Aggregator.Storage.Memory;
using HostAgent.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Aggregator.Tests.Schedules;

/// <summary>What becomes of each planned time, on a clock that the test turns.</summary>
public sealed class SchedulerTests : IDisposable
{
    private readonly FakeTime _time = new(); // 2026-01-01T00:00:00Z
    private readonly MemoryDocuments _store = new();
    private readonly RecordedActions _actions = new();
    private readonly ScheduleDocuments _documents;
    private readonly Scheduler _scheduler;

    public SchedulerTests()
    {
        _documents = new ScheduleDocuments(_store);
        _scheduler = new Scheduler(_documents, _actions, _time, NullLogger<Scheduler>.Instance);
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Each_time_is_started_once_however_often_it_is_looked_at()
    {
        Set("0 * * * *");
        for (int minute = 0; minute < 180; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await _scheduler.LookAsync();
            await _scheduler.LookAsync();
        }

        Assert.Equal([Hour(1), Hour(2), Hour(3)], _actions.Started.Select(static s => s.PlannedUnixMs));
    }

    [Fact]
    public async Task Missed_times_are_noted_and_skipped()
    {
        Set("0 * * * *");
        _time.Advance(TimeSpan.FromMinutes(200));
        await _scheduler.LookAsync();
        Assert.Empty(_actions.Started);
        ScheduleRun missed = Assert.Single(_documents.History("s", 10));
        Assert.Equal((ScheduleOutcome.Missed, Hour(3)), (missed.Outcome, missed.PlannedUnixMs));
        Assert.StartsWith("3 times since 2026-01-01 01:00:00Z", missed.Message);
    }

    [Fact]
    public async Task Missed_times_are_made_up_for_once_when_the_schedule_says_so()
    {
        Set("0 * * * *", MissedPolicy.RunOnce);
        _time.Advance(TimeSpan.FromMinutes(200));
        await _scheduler.LookAsync();
        Assert.Equal([Hour(3)], _actions.Started.Select(static s => s.PlannedUnixMs));
        Assert.Equal([ScheduleOutcome.Started, ScheduleOutcome.Missed], _documents.History("s", 10).Select(static r => r.Outcome));
    }

    [Fact]
    public async Task A_time_whose_predecessor_is_not_over_is_left_out()
    {
        Set("0 * * * *");
        _actions.Running = true;
        await LookAtAsync(60);
        await LookAtAsync(120);
        _actions.Running = false;
        await LookAtAsync(180);
        Assert.Equal([Hour(1), Hour(3)], _actions.Started.Select(static s => s.PlannedUnixMs));
        Assert.Contains("is not over yet", _documents.History("s", 10).Single(static r => r.Outcome == ScheduleOutcome.Overlapped).Message);
    }

    [Fact]
    public async Task A_maintenance_window_holds_a_time_until_it_ends()
    {
        Set("0 3 * * *");
        _documents.Save(new MaintenanceWindow("night", "30 2 * * *", "UTC", 3_600_000, [], null, "patching", "ann"));
        await LookAtAsync(180);
        Assert.Empty(_actions.Started);
        Assert.Equal(ScheduleOutcome.Held, _documents.History("s", 1).Single().Outcome);
        await LookAtAsync(209);
        Assert.Empty(_actions.Started);
        await LookAtAsync(211);
        await LookAtAsync(212);
        Assert.Equal([Hour(3)], _actions.Started.Select(static s => s.PlannedUnixMs));
    }

    [Fact]
    public async Task Jitter_puts_a_time_off_but_never_beyond_its_length_and_never_twice()
    {
        Set("0 * * * *", jitterMs: 600_000);
        for (int minute = 1; minute <= 130; minute++)
        {
            await LookAtAsync(minute);
        }

        Assert.Equal([Hour(1), Hour(2)], _actions.Started.Select(static s => s.PlannedUnixMs));
        Assert.All(_documents.History("s", 10), static run => Assert.InRange(run.DecidedUnixMs - run.PlannedUnixMs, 0, 660_000));
    }

    [Fact]
    public async Task After_a_crash_between_start_and_note_the_same_time_is_started_again_under_the_same_name()
    {
        Set("0 * * * *");
        using MemoryDocuments before = _store.Reopen();
        await LookAtAsync(60);
        using var again = new Scheduler(new ScheduleDocuments(before), _actions, _time, NullLogger<Scheduler>.Instance);
        await again.LookAsync();
        Assert.Equal([Hour(1), Hour(1)], _actions.Started.Select(static s => s.PlannedUnixMs)); // the id is made of name and time: one command
        Assert.Single(_actions.Started.Select(static s => ScheduledActions.IdOf(s.Name, s.PlannedUnixMs)).Distinct());
    }

    [Fact]
    public async Task What_cannot_be_started_is_noted_with_the_reason()
    {
        Set("0 * * * *");
        _actions.Refusal = "no host has the name web9";
        await LookAtAsync(60);
        Assert.Equal((ScheduleOutcome.Refused, "no host has the name web9"), (_documents.History("s", 1).Single().Outcome, _documents.History("s", 1).Single().Message));
    }

    private static long Hour(int hour) => new DateTimeOffset(2026, 1, 1, hour, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private async Task LookAtAsync(int minute)
    {
        _time.JumpWallClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute));
        await _scheduler.LookAsync();
    }

    private void Set(string at, MissedPolicy missed = MissedPolicy.Skip, long jitterMs = 0) => _documents.Save(new ScheduleRecord
    {
        Name = "s",
        At = at,
        Zone = "UTC",
        Enabled = true,
        Missed = missed,
        JitterMs = jitterMs,
        Kind = "service.restart",
        On = "web1",
        Args = [],
        ExpiresMs = 0,
        TimeoutMs = 0,
        SetBy = "ann",
        SetUnixMs = _time.GetUtcNow().ToUnixTimeMilliseconds(),
    });

    private sealed class RecordedActions : IScheduledActions
    {
        public List<(string Name, long PlannedUnixMs)> Started { get; } = [];

        public bool Running { get; set; }

        public string? Refusal { get; set; }

        public Task<string> StartAsync(ScheduleRecord schedule, long plannedUnixMs)
        {
            if (Refusal is not null)
            {
                throw new CommandException(CommandFault.NotFound, Refusal);
            }

            Started.Add((schedule.Name, plannedUnixMs));
            return Task.FromResult($"command/{plannedUnixMs:x}");
        }

        public bool IsRunning(string started) => Running;

        public void Check(ScheduleRecord schedule)
        {
        }
    }
}
