using System.Security.Cryptography;
using System.Text;
using HostAgent.Aggregator.Commands;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Schedules;

/// <summary>Follows the schedules: looks once a second which are due, and decides on every planned time exactly once. The decision is stored after
/// the start, and starting a time twice gives the same command, so that a crash in between neither loses nor doubles one.</summary>
internal sealed partial class Scheduler(ScheduleDocuments documents, IScheduledActions actions, TimeProvider time, ILogger<Scheduler> log) : IHostedService, IDisposable
{
    /// <summary>Later than this, a time was missed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _looking = new(1);
    private ITimer? _timer;
    private bool _stopped;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => _ = LookSafelyAsync(), null, TimeSpan.Zero, Tick);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _looking.WaitAsync(cancellationToken); // what is being started is finished first
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _looking.Dispose();
    }

    /// <summary>When the schedule is due next; null when it is off.</summary>
    public static DateTimeOffset? NextOf(ScheduleRecord schedule, ScheduleState state)
        => schedule.Enabled && Calendar.Parse(schedule.At, schedule.Zone).Next(From(schedule, state)) is { } next ? next + Jitter(schedule, next) : null;

    /// <summary>One look at every schedule.</summary>
    public async Task LookAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        MaintenanceWindow[] windows = [.. documents.Windows()];
        foreach (ScheduleRecord schedule in documents.Schedules().Where(static s => s.Enabled).ToArray())
        {
            try
            {
                await LookAsync(schedule, windows, now);
            }
            catch (Exception e) when (e is StorageException or FormatException)
            {
                LogFailed(schedule.Name, e);
            }
        }
    }

    private async Task LookAsync(ScheduleRecord schedule, MaintenanceWindow[] windows, DateTimeOffset now)
    {
        ScheduleState state = documents.State(schedule.Name);
        bool held = windows.Any(window => window.Holds(schedule.Name) && window.OpenUntil(now) is not null);
        if (state.HeldUnixMs != 0 && !held)
        {
            await DecideAsync(schedule, state with { HeldUnixMs = 0 }, state.HeldUnixMs, now, "after the maintenance window");
            return;
        }

        var calendar = Calendar.Parse(schedule.At, schedule.Zone);
        DateTimeOffset[] due = [.. calendar.Upcoming(From(schedule, state), 1000).TakeWhile(planned => planned + Jitter(schedule, planned) <= now)];
        if (due.Length == 0)
        {
            return;
        }

        DateTimeOffset last = due[^1];
        bool late = now - last - Jitter(schedule, last) > Tolerance;
        int missed = late && schedule.Missed == MissedPolicy.Skip ? due.Length : due.Length - 1;
        if (missed > 0)
        {
            // One entry for all of them: after a long absence there may be many.
            DateTimeOffset newest = due[missed - 1];
            string message = missed == 1 ? "the aggregator was not there" : FormattableString.Invariant($"{missed} times since {due[0]:u} passed while the aggregator was not there");
            state = state with { DecidedUnixMs = newest.ToUnixTimeMilliseconds() };
            documents.Save(schedule.Name, state, [new ScheduleRun(newest.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), ScheduleOutcome.Missed, null, message)]);
        }

        if (missed == due.Length)
        {
            return;
        }

        long plannedUnixMs = last.ToUnixTimeMilliseconds();
        if (held)
        {
            documents.Save(
                schedule.Name, state with { DecidedUnixMs = plannedUnixMs, HeldUnixMs = plannedUnixMs },
                [new ScheduleRun(plannedUnixMs, now.ToUnixTimeMilliseconds(), ScheduleOutcome.Held, null, "a maintenance window is open; it starts when that ends")]);
            return;
        }

        await DecideAsync(schedule, state with { DecidedUnixMs = plannedUnixMs }, plannedUnixMs, now, late ? "made up for: the aggregator was not there in time" : "");
    }

    private async Task DecideAsync(ScheduleRecord schedule, ScheduleState state, long plannedUnixMs, DateTimeOffset now, string message)
    {
        ScheduleRun run;
        if (state.Running is { } running && actions.IsRunning(running))
        {
            run = new ScheduleRun(plannedUnixMs, now.ToUnixTimeMilliseconds(), ScheduleOutcome.Overlapped, null, $"{running} is not over yet");
        }
        else
        {
            try
            {
                string started = await actions.StartAsync(schedule, plannedUnixMs);
                state = state with { Running = started };
                run = new ScheduleRun(plannedUnixMs, now.ToUnixTimeMilliseconds(), ScheduleOutcome.Started, started, message);
            }
            catch (CommandException e)
            {
                LogRefused(schedule.Name, e.Message);
                run = new ScheduleRun(plannedUnixMs, now.ToUnixTimeMilliseconds(), ScheduleOutcome.Refused, null, e.Message);
            }
        }

        documents.Save(schedule.Name, state, [run]);
    }

    private static DateTimeOffset From(ScheduleRecord schedule, ScheduleState state)
        => DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(schedule.SetUnixMs, state.DecidedUnixMs));

    // The same at every look and after every restart, different for each schedule and time.
    private static TimeSpan Jitter(ScheduleRecord schedule, DateTimeOffset planned)
    {
        if (schedule.JitterMs == 0)
        {
            return TimeSpan.Zero;
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{schedule.Name}/{planned.ToUnixTimeMilliseconds()}")));
        return TimeSpan.FromMilliseconds(BitConverter.ToUInt32(hash) % (schedule.JitterMs + 1));
    }

    private async Task LookSafelyAsync()
    {
        if (!_looking.Wait(0))
        {
            return; // the look before is not over; the next second looks again
        }

        try
        {
            await LookAsync();
        }
#pragma warning disable CA1031 // a timer's callback has nobody above it; the next look tries again
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed("(all)", e);
        }
        finally
        {
            _looking.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "schedule {Name} could not be looked at; the next look tries again")]
    private partial void LogFailed(string name, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "schedule {Name} could not start what it is for: {Reason}")]
    private partial void LogRefused(string name, string reason);
}
