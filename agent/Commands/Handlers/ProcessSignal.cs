using System.Runtime.CompilerServices;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Commands.Handlers;

/// <summary><c>process.signal</c>: sends a signal to exactly the process that the operator saw, never to a later one with the same number.</summary>
internal sealed class ProcessSignal(HandlerSetup setup) : CommandHandler
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    // Numbers of signal(7); the same on x86-64 and arm64.
    private static readonly Dictionary<string, int> Signals = new(StringComparer.Ordinal)
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["KILL"] = 9,
        ["USR1"] = 10,
        ["USR2"] = 12,
        ["TERM"] = 15,
        ["CONT"] = 18,
        ["STOP"] = 19,
    };

    [ModuleInitializer]
    internal static void Register() => HandlerCatalog.Register(new HandlerDefinition
    {
        Kind = "process.signal",
        Help = "Sends a signal to one process, named by its number and its start time.",
        Changes = true,
        Args =
        [
            CommandArgs.Integer("pid", "Its number.", 2, int.MaxValue, required: true),
            CommandArgs.Integer("start_ticks", "When it started, in clock ticks since boot (field 22 of /proc/PID/stat): another value means another process.",
                0, long.MaxValue, required: true),
            CommandArgs.Choice("signal", "The signal.", "TERM", [.. Signals.Keys]),
            CommandArgs.Duration("wait", "How long to wait for its end after TERM, INT, QUIT or KILL.", TimeSpan.Zero, TimeSpan.FromMinutes(10), "10s"),
        ],
        Create = static setup => new ProcessSignal(setup),
    });

    public override ValueTask<CommandPlan> PlanAsync(CommandContext context, CancellationToken cancellation)
    {
        int pid = (int)context.Number("pid");
        var facts = new Facts();
        ProcessIdentity? process = ProcessIdentity.Read(setup.Roots, pid);
        string name = process?.Name ?? "-";
        if (process is not null)
        {
            facts.Set("name", name);
            facts.Set("state", process.State.ToString());
            facts.Set("start_ticks", process.StartTicks);
            facts.Set("parent_pid", process.ParentPid);
            facts.Set("command_line", Redaction.Clean(ProcessIdentity.CommandLine(setup.Roots, pid)));
        }

        return ValueTask.FromResult(new CommandPlan
        {
            Subjects = [$"process:{pid}:{name}"],
            Facts = facts,
            Steps = process is null ? [] : [$"send SIG{context.Must("signal")} to process {pid} ({name})", .. Ends(context) ? ["wait for its end"] : Array.Empty<string>()],
            Refusal = Fault(process, context),
        });
    }

    public override async ValueTask<CommandOutcome> RunAsync(CommandContext context, CommandPlan plan, CancellationToken cancellation)
    {
        int pid = (int)context.Number("pid");
        string signal = context.Must("signal");
        int descriptor = PidfdCall.Open(pid);
        if (descriptor < 0)
        {
            return new CommandOutcome(false, -descriptor == Errno.ESRCH
                ? $"process {pid} has ended; nothing was sent" : $"process {pid} cannot be held on to: {Errno.Describe(-descriptor)}; nothing was sent");
        }

        try
        {
            // The descriptor holds on to whoever has the number now: only after it is open does the look prove anything.
            ProcessIdentity? process = ProcessIdentity.Read(setup.Roots, pid);
            if (Fault(process, context) is { } fault)
            {
                return new CommandOutcome(false, fault + "; nothing was sent");
            }

            int sent = PidfdCall.Send(descriptor, Signals[signal]);
            if (sent < 0)
            {
                return new CommandOutcome(false, -sent == Errno.EPERM
                    ? $"SIG{signal} to process {pid} is not permitted: it belongs to another user; the agent needs CAP_KILL or to run as that user"
                    : $"SIG{signal} could not be sent to process {pid}: {Errno.Describe(-sent)}");
            }

            context.Progress(50, $"SIG{signal} sent to process {pid} ({process!.Name})");
            return await OutcomeAsync(context, process!, cancellation);
        }
        finally
        {
            CloseCall.Close(descriptor);
        }
    }

    public override ValueTask<CommandOutcome?> ReconcileAsync(
        CommandContext context, IReadOnlyDictionary<string, string> before, long begunUnixMs, CancellationToken cancellation)
    {
        // Gone is the effect that TERM and its like have; whether another signal was sent cannot be seen.
        int pid = (int)context.Number("pid");
        bool gone = IsGone(pid, context.Number("start_ticks"));
        return ValueTask.FromResult(Ends(context) && gone ? new CommandOutcome(true, $"process {pid} has ended since") : null);
    }

    private async Task<CommandOutcome> OutcomeAsync(CommandContext context, ProcessIdentity process, CancellationToken cancellation)
    {
        string signal = context.Must("signal");
        var results = new Facts();
        if (!Ends(context))
        {
            return new CommandOutcome(true, $"SIG{signal} was sent to process {process.Pid} ({process.Name})", results);
        }

        TimeSpan wait = context.Time("wait");
        long begun = setup.Time.GetTimestamp();
        while (!IsGone(process.Pid, process.StartTicks))
        {
            if (setup.Time.GetElapsedTime(begun) >= wait)
            {
                results.Set("ended", false);
                string next = signal == "KILL" ? "it hangs in the kernel or belongs to a frozen cgroup" : "it ignores the signal or takes longer; KILL would end it";
                return new CommandOutcome(wait == TimeSpan.Zero, $"SIG{signal} was sent to process {process.Pid} ({process.Name}), which still runs after "
                    + $"{context.Must("wait")}: {next}", results);
            }

            await Task.Delay(LookInterval, setup.Time, cancellation);
        }

        results.Set("ended", true);
        return new CommandOutcome(true, $"process {process.Pid} ({process.Name}) has ended after SIG{signal}", results);
    }

    private bool IsGone(int pid, long startTicks) => ProcessIdentity.Read(setup.Roots, pid) is not { HasEnded: false } now || now.StartTicks != startTicks;

    private static bool Ends(CommandContext context) => context.Must("signal") is "TERM" or "INT" or "QUIT" or "KILL";

    private static string? Fault(ProcessIdentity? process, CommandContext context)
    {
        string pid = context.Must("pid");
        return process is null ? $"there is no process {pid}"
            : process.HasEnded ? $"process {pid} ({process.Name}) has ended already; its parent {process.ParentPid} has not noticed"
            : process.StartTicks != context.Number("start_ticks")
                ? $"process {pid} is not the one meant any more: it started at {process.StartTicks} ticks, not {context.Must("start_ticks")}"
            : process.ParentPid == 2 ? $"process {pid} ({process.Name}) is a kernel thread"
            : process.Pid == Environment.ProcessId ? "that is the agent itself"
            : null;
    }
}
