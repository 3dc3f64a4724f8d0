using System.Globalization;

namespace HostAgent.Aggregator.Commands;

/// <summary>At most so many runs of one kind in a window of time, over the whole fleet: the brake on an operator's or a schedule's loop.</summary>
internal sealed class FleetBudget
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(long UnixMs, int Runs)>> _spent = new(StringComparer.Ordinal);
    private readonly CommandOptions _options;
    private readonly TimeProvider _time;

    public FleetBudget(CommandDocuments documents, CommandOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        if (options.BudgetRuns is null)
        {
            return;
        }

        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long from = now - (long)options.BudgetWindow.TotalMilliseconds;
        foreach (CommandRecord command in documents.Newest(now + 1, 10_000).Select(documents.Command).OfType<CommandRecord>().TakeWhile(c => c.CreatedUnixMs > from).Reverse())
        {
            if (Counts(command))
            {
                Of(command.Kind).Add((command.CreatedUnixMs, command.Targets.Count));
            }
        }
    }

    /// <summary>Spends what the command would cost; disposing gives it back unless it is kept.</summary>
    /// <exception cref="CommandException">It is more than is left.</exception>
    public Reservation Reserve(CommandRecord command)
    {
        if (_options.BudgetRuns is not { } limit || !Counts(command))
        {
            return new Reservation(static () => { });
        }

        lock (_gate)
        {
            List<(long UnixMs, int Runs)> spent = Of(command.Kind);
            long from = _time.GetUtcNow().ToUnixTimeMilliseconds() - (long)_options.BudgetWindow.TotalMilliseconds;
            spent.RemoveAll(s => s.UnixMs <= from);
            int sum = spent.Sum(static s => s.Runs);
            if (sum + command.Targets.Count > limit)
            {
                throw new CommandException(CommandFault.OverLimit, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The fleet's budget for {command.Kind} is {limit} runs within {_options.BudgetWindow.TotalMinutes:0} min: {sum} are spent, this would be {command.Targets.Count} more. Look why so many are needed before trying again."));
            }

            (long, int) entry = (command.CreatedUnixMs, command.Targets.Count);
            spent.Add(entry);
            return new Reservation(() =>
            {
                lock (_gate)
                {
                    spent.Remove(entry);
                }
            });
        }
    }

    private List<(long UnixMs, int Runs)> Of(string kind)
    {
        if (!_spent.TryGetValue(kind, out List<(long, int)>? spent))
        {
            _spent.Add(kind, spent = []);
        }

        return spent;
    }

    private static bool Counts(CommandRecord command) => command.Changes && !command.DryRun;

    /// <summary>What is spent for a command that is being accepted.</summary>
    public sealed class Reservation(Action giveBack) : IDisposable
    {
        private bool _kept;

        /// <summary>It was accepted.</summary>
        public void Keep() => _kept = true;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!_kept)
            {
                giveBack();
            }
        }
    }
}
