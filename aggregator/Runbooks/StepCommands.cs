using System.Security.Cryptography;
using System.Text;
using HostAgent.Aggregator.Commands;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>The commands that steps are made of. Their ids follow from run, step and try: asking again after a crash finds the same command.</summary>
internal sealed class StepCommands(CommandIntake intake, CommandDesk desk)
{
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(5);

    /// <summary>The id of a step's command.</summary>
    public static string IdOf(string runId, int step, int attempt, bool rollback = false)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"runbook/{runId}/{step}/{attempt}/{(rollback ? "rollback" : "do")}")).AsSpan(0, 16));

    /// <summary>What a step asks of hosts.</summary>
    public static CommandRequest Request(RunbookRun run, RunbookStep step, string? id, bool dryRun = false) => new()
    {
        Id = id,
        Kind = step.Command!,
        Args = step.Args,
        On = step.On!,
        TimeoutMs = (uint)step.Timeout.TotalMilliseconds,
        ExpiresIn = dryRun ? TimeSpan.FromSeconds(15) : Expiry,
        DryRun = dryRun,
        RequestedBy = $"runbook {run.Runbook} ({run.RequestedBy})",
    };

    /// <summary>Asks for a command, or finds it.</summary>
    /// <exception cref="CommandException">It is refused.</exception>
    public async Task AskAsync(CommandRequest request) => await intake.AcceptAsync(request);

    /// <summary>Null while it is at work; otherwise whether every host succeeded, and what they said.</summary>
    public (bool Succeeded, string Message)? Result(string id) => desk.Read<(bool, string)?>(id, static command =>
    {
        if (!command.IsSettled)
        {
            return null;
        }

        bool good = command.Runs.All(static run => run.Record.State == CommandState.Succeeded);
        IEnumerable<HostRun> telling = good ? command.Runs : command.Runs.Where(static run => run.Record.State != CommandState.Succeeded);
        return (good, string.Join("; ", telling.Take(3).Select(static run =>
            $"{run.Name}: {(run.Record.Overdue ? "no word from its agent; what became of it is not known" : $"{run.Record.State.Word()}{(run.Record.Message.Length > 0 ? ", " + run.Record.Message : "")}")}")));
    });

    /// <summary>What holds a command up that is not at work yet; null = nothing.</summary>
    public string? Waiting(string id) => desk.Read(id, static command => command.Record.Phase == CommandPhase.PendingApproval
        ? $"command {command.Record.Id} waits for {command.Record.SignaturesNeeded - command.Record.Signatures.Count} signatures: hostctl approve {command.Record.Id}"
        : null);

    /// <summary>Ends a command; that it is over already is fine.</summary>
    public async Task CancelAsync(string id, string who, string reason)
    {
        try
        {
            await desk.CancelAsync(id, who, reason);
        }
        catch (CommandException)
        {
            // Over, or never accepted: nothing is left to end.
        }
    }
}
