using System.Globalization;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>Makes a policy out of its file and says everything that is wrong with it, each with its line.</summary>
internal sealed class PolicyReader
{
    private static readonly string[] RuleKeys = ["kinds", "subjects", "signatures", "budget", "host_budget", "give_up", "windows"];
    private static readonly string[] ReflexKeys = ["name", "when", "for", "kind", "args", "limit"];

    private readonly string _file;
    private readonly List<string> _problems = [];
    private readonly IReadOnlyList<HandlerDefinition> _known;

    private PolicyReader(string file, IReadOnlyList<HandlerDefinition> known)
    {
        _file = file;
        _known = known;
    }

    /// <summary>Reads the text of a policy file. With a problem the policy is <see cref="CommandPolicy.DenyAll"/>.</summary>
    /// <param name="text">What the file holds.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="known">The kinds that exist: a pattern that fits none of them is a mistake.</param>
    public static (CommandPolicy Policy, IReadOnlyList<string> Problems) Read(string text, string file, IReadOnlyList<HandlerDefinition> known)
    {
        var reader = new PolicyReader(file, known);
        CommandPolicy policy = reader.Root(text);
        return reader._problems.Count == 0 ? (policy, []) : (CommandPolicy.DenyAll, reader._problems);
    }

    private CommandPolicy Root(string text)
    {
        try
        {
            PolicyNode root = PolicyNode.Parse(text);
            if (root.Text is { Length: 0 })
            {
                return CommandPolicy.DenyAll;
            }

            Dictionary<string, PolicyNode> keys = Keys(root, "the policy", ["allow", "reflexes"]);
            var policy = new CommandPolicy
            {
                Rules = [.. List(keys, "allow").Select(Rule).OfType<PolicyRule>()],
                Reflexes = Distinct([.. List(keys, "reflexes").Select(Reflex).OfType<ReflexRule>()]),
            };
            CheckTogether(policy);
            return policy;
        }
        catch (InvalidDataException error)
        {
            _problems.Add($"{_file}:{error.Message}");
            return CommandPolicy.DenyAll;
        }
    }

    private PolicyRule? Rule(PolicyNode node)
    {
        int before = _problems.Count;
        Dictionary<string, PolicyNode> keys = Keys(node, "a rule", RuleKeys);
        IReadOnlyList<string> kinds = Texts(keys, "kinds", node), subjects = Texts(keys, "subjects", node);
        foreach (string kind in kinds.Where(kind => !_known.Any(one => Glob.IsMatch(kind, one.Kind))))
        {
            Wrong(keys["kinds"], $"there is no kind {kind}; there are {string.Join(", ", _known.Select(static one => one.Kind))}");
        }

        foreach (string subject in subjects.Where(static subject => subject != "agent" && subject != "*" && !subject.Contains(':', StringComparison.Ordinal)))
        {
            Wrong(keys["subjects"], $"\"{subject}\" is no subject; it must be like unit:nginx.service, container:web, path:/var/log/*, agent or *");
        }

        var rule = new PolicyRule
        {
            Kinds = kinds,
            Subjects = subjects,
            Signatures = Count(keys, "signatures", 0, 2) ?? 0,
            PerSubject = Limit(keys, "budget", "max", "per"),
            PerHost = Limit(keys, "host_budget", "max", "per"),
            GiveUp = Limit(keys, "give_up", "after", "within"),
            Windows = [.. Optional(keys, "windows").Select(Window).OfType<TimeWindow>()],
            Place = $"{_file}:{node.Line}",
        };
        return _problems.Count == before ? rule : null;
    }

    private ReflexRule? Reflex(PolicyNode node)
    {
        int before = _problems.Count;
        Dictionary<string, PolicyNode> keys = Keys(node, "a reflex", ReflexKeys);
        string name = Text(keys, "name", node) ?? "", kind = Text(keys, "kind", node) ?? "", when = Text(keys, "when", node) ?? "";
        if (name.Length > 64 || !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            Wrong(keys["name"], $"\"{name}\" is no name; it must be lower-case letters, digits and dashes");
        }

        SeriesCondition? condition = SeriesCondition.Parse(when);
        if (condition is null && when.Length > 0)
        {
            Wrong(keys["when"], $"\"{when}\" is no condition; it must be like host_memory_available_bytes < 200MB or host_filesystem_avail_bytes{{mountpoint=\"/var*\"}} < 2GiB");
        }

        var args = new List<Arg>();
        foreach ((string key, PolicyNode value) in keys.TryGetValue("args", out PolicyNode? given) ? Entries(given, "args") : [])
        {
            args.Add(new Arg { Name = key, Value = value.Text ?? "" });
        }

        if (kind.Length > 0)
        {
            HandlerDefinition? definition = _known.FirstOrDefault(one => one.Kind == kind);
            string? fault = definition is null ? $"there is no kind {kind}" : ArgCheck.Check(definition.Args, args, out _);
            if (fault is not null)
            {
                Wrong(keys["kind"], fault);
            }
        }

        Budget? limit = Limit(keys, "limit", "max", "per");
        int? ticks = Count(keys, "for", 1, 100_000);
        if (limit is null || ticks is null)
        {
            Wrong(node, "a reflex needs for: TICKS and limit: { max: TIMES, per: TIME }: it must not run wild");
        }

        return _problems.Count == before && condition is not null && ticks is { } count && limit is not null
            ? new ReflexRule(name, condition, count, kind, [.. args.OrderBy(static arg => arg.Name, StringComparer.Ordinal)], limit, $"{_file}:{node.Line}") : null;
    }

    // A reflex that can never run is worse than none: somebody relies on it.
    private void CheckTogether(CommandPolicy policy)
    {
        foreach (ReflexRule reflex in policy.Reflexes)
        {
            if (!policy.Allows(reflex.Kind))
            {
                _problems.Add($"{reflex.Place}: the reflex {reflex.Name} can never run: no rule allows {reflex.Kind}");
            }
            else if (policy.FewestSignatures(_known.First(one => one.Kind == reflex.Kind)) > 0)
            {
                _problems.Add($"{reflex.Place}: the reflex {reflex.Name} can never run: {reflex.Kind} needs signatures");
            }
        }
    }

    private IReadOnlyList<ReflexRule> Distinct(IReadOnlyList<ReflexRule> reflexes)
    {
        foreach (IGrouping<string, ReflexRule> twice in reflexes.GroupBy(static one => one.Name).Where(static group => group.Count() > 1))
        {
            _problems.Add($"{twice.Last().Place}: the reflex {twice.Key} stands twice");
        }

        return reflexes;
    }

    private TimeWindow? Window(PolicyNode node)
    {
        TimeWindow? window = TimeWindow.Parse(node.Text ?? "");
        if (window is null)
        {
            Wrong(node, $"\"{node.Text}\" is no time window; it must be like 22:00-04:00 or \"Mon-Fri 08:00-18:00\"");
        }

        return window;
    }

    private Budget? Limit(Dictionary<string, PolicyNode> keys, string key, string maxKey, string perKey)
    {
        if (!keys.TryGetValue(key, out PolicyNode? node))
        {
            return null;
        }

        Dictionary<string, PolicyNode> parts = Keys(node, key, [maxKey, perKey]);
        int? max = Count(parts, maxKey, 1, 10_000);
        string? per = Text(parts, perKey, node);
        if (max is not { } times || per is null || !ArgCheck.TryParseDuration(per, out TimeSpan window) || window <= TimeSpan.Zero || window > TimeSpan.FromHours(24))
        {
            Wrong(node, $"{key} must be {{ {maxKey}: TIMES, {perKey}: TIME }} with a time up to 24h, such as {{ {maxKey}: 3, {perKey}: 10m }}");
            return null;
        }

        return new Budget(times, window);
    }

    private int? Count(Dictionary<string, PolicyNode> keys, string key, int min, int max)
    {
        if (!keys.TryGetValue(key, out PolicyNode? node))
        {
            return null;
        }

        if (int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= min && count <= max)
        {
            return count;
        }

        Wrong(node, $"{key}: \"{node.Text}\" is not allowed; it must be a whole number from {min} to {max}");
        return null;
    }

    private string? Text(Dictionary<string, PolicyNode> keys, string key, PolicyNode owner)
    {
        if (keys.TryGetValue(key, out PolicyNode? node) && node.Text is { Length: > 0 } text)
        {
            return text;
        }

        Wrong(node ?? owner, $"{key} is missing");
        return null;
    }

    private string[] Texts(Dictionary<string, PolicyNode> keys, string key, PolicyNode owner)
    {
        string[] texts = [.. Optional(keys, key).Select(static node => node.Text ?? "")];
        if (texts.Length == 0 || texts.Contains(""))
        {
            Wrong(keys.GetValueOrDefault(key) ?? owner, $"{key} must be a list of one or more patterns");
            return [];
        }

        return texts;
    }

    // One text stands for a list of one.
    private static IReadOnlyList<PolicyNode> Optional(Dictionary<string, PolicyNode> keys, string key) =>
        !keys.TryGetValue(key, out PolicyNode? node) ? [] : node.Text is { Length: > 0 } ? [node] : node.Items ?? [];

    private IReadOnlyList<PolicyNode> List(Dictionary<string, PolicyNode> keys, string key)
    {
        if (!keys.TryGetValue(key, out PolicyNode? node) || node.Text is { Length: 0 })
        {
            return [];
        }

        if (node.Items is null)
        {
            Wrong(node, $"{key} must be a list: lines that begin with \"- \"");
        }

        return node.Items ?? [];
    }

    private IReadOnlyList<(string Key, PolicyNode Value)> Entries(PolicyNode node, string what)
    {
        if (node.Entries is null && node.Text is not { Length: 0 })
        {
            Wrong(node, $"{what} must hold \"key: value\" lines");
        }

        return node.Entries ?? [];
    }

    private Dictionary<string, PolicyNode> Keys(PolicyNode node, string what, string[] known)
    {
        var keys = new Dictionary<string, PolicyNode>(StringComparer.Ordinal);
        foreach ((string key, PolicyNode value) in Entries(node, what))
        {
            if (!known.Contains(key))
            {
                Wrong(value, $"{what} has no key \"{key}\"; there are {string.Join(", ", known)}");
            }

            keys[key] = value;
        }

        return keys;
    }

    private void Wrong(PolicyNode node, string what) => _problems.Add($"{_file}:{node.Line}: {what}");
}
