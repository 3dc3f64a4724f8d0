using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Commands;

/// <summary>Finds the hosts that somebody means: <c>all</c>; names or ids separated by commas; <c>label=value</c> pairs separated by commas, all of
/// which hold; or a selector in braces over labels, <c>host</c> and <c>instance</c>: <c>{site="north",host=~"web.*"}</c>.</summary>
public sealed class TargetResolver(IHostDirectory hosts, AgentCatalog catalog)
{
    /// <summary>The hosts, ascending by id.</summary>
    /// <exception cref="CommandException">The text is none of these, or a host that it names is not known.</exception>
    public IReadOnlyList<Target> Resolve(string on)
    {
        string text = on.Trim();
        IReadOnlyList<Target> all = All();
        IEnumerable<Target> found = text.Length == 0 ? throw CommandException.Invalid("on", "Say which hosts: all, names, label=value or a selector in braces.")
            : text == "all" ? all
            : text[0] == '{' ? Matching(all, text)
            : text.Contains('=') ? Labelled(all, text)
            : Named(all, text);
        Target[] targets = [.. found.DistinctBy(static t => t.Id).OrderBy(static t => t.Id, StringComparer.Ordinal)];
        return targets.Length > 0 ? targets : throw new CommandException(CommandFault.NotFound, $"\"{on}\" means no host; GET /v1/hosts lists them all.") { Field = "on" };
    }

    private Target[] All()
    {
        HostView[] known = [.. hosts.All()];
        var ids = known.Select(static h => h.Id).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. known.Select(static h => new Target(h.Id, h.Name, h)),
            .. catalog.Hosts.Where(h => !ids.Contains(h.HostId)).Select(static h => new Target(h.HostId, h.Name, null)),
        ];
    }

    private static IEnumerable<Target> Named(IReadOnlyList<Target> all, string text)
    {
        ILookup<string, Target> byName = all.ToLookup(static t => t.Name, StringComparer.Ordinal);
        Dictionary<string, Target> byId = all.ToDictionary(static t => t.Id, StringComparer.Ordinal);
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (byId.TryGetValue(name, out Target? target))
            {
                yield return target;
                continue;
            }

            Target[] named = [.. byName[name]];
            yield return named.Length switch
            {
                1 => named[0],
                0 => throw new CommandException(CommandFault.NotFound, $"No host has the id or the name \"{name}\"; GET /v1/hosts lists them all.") { Field = "on" },
                // Acting on the wrong machine is worse than asking again.
                _ => throw CommandException.Invalid("on", $"{named.Length} hosts are called \"{name}\": give the id, one of {string.Join(", ", named.Select(static t => t.Id))}."),
            };
        }
    }

    private static IEnumerable<Target> Labelled(IReadOnlyList<Target> all, string text)
    {
        (string Name, string Value)[] pairs = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(pair =>
            pair.Split('=', 2) is [{ Length: > 0 } name, var value]
                ? (name, value)
                : throw CommandException.Invalid("on", $"\"{pair}\" is no label=value; do not mix labels and names."))];
        return all.Where(target => pairs.All(pair => ValueOf(target, pair.Name) == pair.Value));
    }

    private static IEnumerable<Target> Matching(IReadOnlyList<Target> all, string text)
    {
        Selector selector;
        try
        {
            selector = Selector.Parse(text);
        }
        catch (QuerySyntaxException e)
        {
            throw CommandException.Invalid("on", $"The selector is wrong{(e.Position is { } at ? $" at character {at}" : "")}: {e.Message}.");
        }

        LabelCondition[] conditions = [.. selector.Matchers.Select(static m => new LabelCondition(m))];
        return all.Where(target => conditions.All(condition => condition.Matches(ValueOf(target, condition.Name))));
    }

    private static string ValueOf(Target target, string label) => label switch
    {
        "host" => target.Name,
        "instance" => target.Id,
        _ => target.Host?.Labels[label] ?? "",
    };

    /// <summary>A host that is meant.</summary>
    /// <param name="Id">Host id.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Host">As its telemetry tells; null = it has only attached for commands so far.</param>
    public sealed record Target(string Id, string Name, HostView? Host);
}
