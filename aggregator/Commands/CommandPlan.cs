namespace HostAgent.Aggregator.Commands;

/// <summary>A command as it would be accepted.</summary>
/// <param name="Record">With the targets that can do it only.</param>
/// <param name="Targets">Every host that was meant, ascending by id, and what speaks against it.</param>
/// <param name="Help">What the kind does, as the agents say.</param>
internal sealed record CommandPlan(CommandRecord Record, IReadOnlyList<CommandPlan.Target> Targets, string Help)
{
    /// <exception cref="CommandException">A target cannot or may not do it, and leaving it out was not asked for; or none can.</exception>
    public void RequireFit(bool skipUnfit)
    {
        Target[] unfit = [.. Targets.Where(static t => t.Against is not null)];
        if (unfit.Length > 0 && (!skipUnfit || unfit.Length == Targets.Count))
        {
            string first = string.Join("; ", unfit.Take(5).Select(static t => $"{t.Name}: {t.Against}"));
            throw new CommandException(
                CommandFault.Unfit,
                $"{unfit.Length} of {Targets.Count} hosts cannot do it: {first}{(unfit.Length > 5 ? "; ..." : "")}."
                + (unfit.Length < Targets.Count ? " Leave them out with skipUnfit (hostctl: --skip-unfit)." : ""));
        }
    }

    /// <summary>A host that was meant.</summary>
    /// <param name="Id">Host id.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Attached">Its agent would get the order at once.</param>
    /// <param name="Against">Why it cannot or may not do it; null = it can.</param>
    public sealed record Target(string Id, string Name, bool Attached, string? Against);
}
