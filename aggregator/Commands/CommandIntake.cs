using System.Security.Cryptography;
using System.Text.Json;

namespace HostAgent.Aggregator.Commands;

/// <summary>Accepts commands: finds their targets, checks them, makes them durable, lets them go.</summary>
internal sealed class CommandIntake(
    CommandTable table, Dispatcher dispatcher, FitCheck fit, FleetBudget budget, RolloutJudge judge, CommandMeters meters, CommandOptions options,
    TimeProvider time)
{
    private readonly Dictionary<string, Task<Command>> _accepting = new(StringComparer.Ordinal);

    /// <summary>What the command would be, and which of its targets can do it. Changes nothing.</summary>
    /// <exception cref="CommandException">The request is malformed or means no host.</exception>
    public CommandPlan Preview(CommandRequest request) => Plan(request, time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Accepts a command, or finds the one that was accepted under the same id with the same content. It is durable on return.</summary>
    /// <exception cref="CommandException">It is refused; nothing was done.</exception>
    public async Task<(Command Command, bool IsNew)> AcceptAsync(CommandRequest request)
    {
        string fingerprint = Fingerprint(request);
        string id = request.Id ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        CheckId(id);
        var accepted = new TaskCompletionSource<Command>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Command>? other;
        lock (table.Gate)
        {
            if (request.Id is not null && table.Find(id) is { } existing)
            {
                return (Same(existing, fingerprint), false);
            }

            if (!_accepting.TryGetValue(id, out other))
            {
                _accepting.Add(id, accepted.Task);
            }
        }

        if (other is not null)
        {
            return (Same(await other, fingerprint), false);
        }

        try
        {
            Command command = await AcceptNewAsync(request with { Id = id }, fingerprint);
            accepted.SetResult(command);
            return (command, true);
        }
        catch (Exception e)
        {
            accepted.SetException(e);
            _ = accepted.Task.Exception; // seen: nobody else may be waiting
            throw;
        }
        finally
        {
            lock (table.Gate)
            {
                _accepting.Remove(id);
            }
        }
    }

    private async Task<Command> AcceptNewAsync(CommandRequest request, string fingerprint)
    {
        long started = time.GetTimestamp();
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        CommandPlan plan = Plan(request, now);
        plan.RequireFit(request.SkipUnfit);
        CommandRecord record = plan.Record with { Fingerprint = fingerprint };
        Command command;
        lock (table.Gate)
        {
            if (table.Active.Count >= options.MaxActive)
            {
                throw new CommandException(CommandFault.OverLimit, $"There are {options.MaxActive} commands that have not ended; wait for some, or cancel them.");
            }

            // The first wave is marked as sent with the acceptance itself, so that it costs one sync and not two.
            var trial = new Command(record, new Dictionary<string, HostRunRecord>());
            record = record with
            {
                FirstWave = record.Phase == CommandPhase.Open ? [.. judge.Next(trial, dispatcher.IsAttached, now).Send.Select(static run => run.HostId)] : [],
            };
            command = new Command(record, new Dictionary<string, HostRunRecord>()) { AcceptedTimestamp = started };
        }

        using FleetBudget.Reservation reserved = budget.Reserve(record);
        await table.AddAsync(command);
        reserved.Keep();
        meters.Accepted(record.Kind);
        lock (table.Gate)
        {
            dispatcher.Advance(command);
        }

        return command;
    }

    private CommandPlan Plan(CommandRequest request, long now)
    {
        request.Rollout?.Check();
        if (request.Kind.Length is 0 or > 128)
        {
            throw CommandException.Invalid("kind", "Say which kind of command; GET /v1/kinds lists them.");
        }

        if (request.Precondition.Length > 1024 || request.Args.Count > 64)
        {
            throw CommandException.Invalid("args", "At most 64 arguments, and a precondition of at most 1024 characters.");
        }

        (long notBefore, long notAfter) = Interval(request, now);
        return fit.Plan(request, notBefore, notAfter, now);
    }

    private (long NotBefore, long NotAfter) Interval(CommandRequest request, long now)
    {
        long notBefore = request.NotBeforeUnixMs == 0 ? now : request.NotBeforeUnixMs;
        if (request.NotAfterUnixMs != 0 && request.ExpiresIn is not null)
        {
            throw CommandException.Invalid("expiresIn", "Give either how long it may wait, or when its time is over.");
        }

        long notAfter = request.NotAfterUnixMs != 0 ? request.NotAfterUnixMs
            : Math.Max(now, notBefore) + (long)(request.ExpiresIn ?? options.DefaultExpiry).TotalMilliseconds;
        return notAfter <= now || notAfter <= notBefore ? throw CommandException.Invalid("notAfterUnixMs", "Its time would be over before it began.")
            : notAfter > now + options.MaxExpiry.TotalMilliseconds
                ? throw CommandException.Invalid("expiresIn", $"A command may wait at most {options.MaxExpiry.TotalDays:0} days; for later ones make a schedule.")
                : (notBefore, notAfter);
    }

    private static Command Same(Command existing, string fingerprint)
        => existing.Record.Fingerprint == fingerprint
            ? existing
            : throw new CommandException(CommandFault.Conflict, $"The id {existing.Record.Id} belongs to another command; choose a new one, or ask for the same again.")
            {
                Field = "id",
            };

    private static void CheckId(string id)
    {
        if (id.Length != 32 || id.Any(static c => !char.IsAsciiHexDigitLower(c)))
        {
            throw CommandException.Invalid("id", $"\"{id}\" is no command id; write 32 lower-case hex digits, chosen at random.");
        }
    }

    // Who asks and who has signed are not part of what is asked.
    private static string Fingerprint(CommandRequest request)
    {
        CommandRequest content = request with
        {
            Id = null,
            RequestedBy = "",
            Signatures = [],
            Args = new SortedDictionary<string, string>(request.Args.ToDictionary(), StringComparer.Ordinal),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, CommandJson.Default.CommandRequest)));
    }
}
