using HostAgent.V1;

namespace HostAgent.Aggregator.Commands;

/// <summary>Looks at time: what was not begun by its not-after ends, what is silent for too long is called overdue, rollouts go on.</summary>
internal sealed partial class CommandSweep(
    CommandTable table, Dispatcher dispatcher, CommandOptions options, TimeProvider time, ILogger<CommandSweep> log) : IHostedService, IDisposable
{
    private const long ForgetEveryMs = 3_600_000;

    private ITimer? _timer;
    private long _forgottenUnixMs;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Run(), null, options.SweepInterval, options.SweepInterval);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>One look at every command that is not concluded.</summary>
    public void Run()
    {
        try
        {
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            lock (table.Gate)
            {
                foreach (Command command in table.Active.ToArray())
                {
                    Look(command, now);
                }
            }

            if (now - _forgottenUnixMs > ForgetEveryMs)
            {
                _forgottenUnixMs = now;
                _ = table.ForgetAsync(now - (long)options.Retention.TotalMilliseconds);
            }
        }
#pragma warning disable CA1031 // a timer's callback has nobody above it; the next sweep tries again
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e);
        }
    }

    private void Look(Command command, long now)
    {
        bool over = now > command.Record.NotAfterUnixMs;
        var changed = new List<HostRun>();
        foreach (HostRun run in command.Runs.Where(static run => !run.IsFinal))
        {
            if (over && !run.Record.Sent)
            {
                (CommandState state, string message) = Unsent(command, run);
                dispatcher.End(command, run, state, message, now);
                changed.Add(run);
            }
            else if (run.Record.Sent && now > LastWordDue(command, run) && Silent(command, run, now))
            {
                changed.Add(run);
            }
            else if (run.Version != run.DurableVersion)
            {
                changed.Add(run); // the disk failed, or is at it; storing twice does no harm
            }
        }

        bool undecided = command.Record.Phase == CommandPhase.Concluded;
        if (changed.Count > 0 || undecided)
        {
            dispatcher.Store(command, undecided ? [.. command.Runs.Where(static r => r.Version != r.DurableVersion)] : changed, commandToo: false);
        }

        dispatcher.Advance(command);
    }

    private (CommandState State, string Message) Unsent(Command command, HostRun run)
        => command.Record.Phase == CommandPhase.PendingApproval
            ? (CommandState.Expired, $"{command.Record.Signatures.Count} of {command.Record.SignaturesNeeded} operators had signed when its time was over")
            : dispatcher.IsAttached(run.HostId)
                ? (CommandState.Expired, "its time was over before its turn came; it was not sent")
                : (CommandState.Undeliverable, "the host's agent was not attached until its time was over; it was not sent");

    private long LastWordDue(Command command, HostRun run)
    {
        long latestEnd = run.Record.State == CommandState.Pending ? command.Record.NotAfterUnixMs : command.Record.NotAfterUnixMs + command.Record.LongestMs;
        return latestEnd + (long)options.ReportGrace.TotalMilliseconds;
    }

    private bool Silent(Command command, HostRun run, long now)
    {
        if (now > LastWordDue(command, run) + options.AbandonAfter.TotalMilliseconds)
        {
            dispatcher.End(command, run, CommandState.UnknownReconciled, "its agent never reported what became of it", now);
            return true;
        }

        if (run.Record.Overdue)
        {
            return run.Version != run.DurableVersion;
        }

        command.Set(run, run.Record with { Overdue = true });
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "looking after the commands failed; the next look tries again")]
    private partial void LogFailed(Exception exception);
}
